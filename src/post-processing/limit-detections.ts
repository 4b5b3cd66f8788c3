import type { DetectionEncoding } from '../detect/heads/detection-encoding.ts';
import type { Port } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { Minimum } from '../ov/ops/arithmetic.ts';
import { Slice } from '../ov/ops/slice.ts';
import { constantLike, reshape } from '../ov/shorthand.ts';
import { detectionNodes } from './final-steps.ts';

/**
 * Keeps the first `most` detections, which are the best ones, in all outputs with a row per detection.
 *
 * @param graph as translated, with the outputs that `encoding` describes
 * @throws DecantError `unsupported` if the model is not a known kind of detector; `invalid-argument` if it returns fewer
 */
export function limitDetections(graph: Graph, encoding: DetectionEncoding | undefined, most: number): Graph {
  if (encoding === undefined) {
    throw new DecantError(
      'unsupported',
      'the number of detections cannot be limited: the model is not a known detector',
      {
        remedy: 'Use the first rows of its outputs instead.',
      },
    );
  }
  const count = rowsOf(encoding).shape[1];
  if (count !== undefined && most > count) {
    throw new DecantError('invalid-argument', `the model returns at most ${count} detections, not ${most}`, {
      remedy: `Choose a number up to ${count}, or export the model with a larger max_total_detections.`,
    });
  }
  const b = new Builder();
  const fromDetections = detectionNodes(graph);
  const counts = encoding.count?.names;
  const names = new Set(portsOf(encoding).flatMap(port => port.names));
  const outputs = [...graph.outputs].map(([name, value]): [string, Value] => {
    b.origin = name;
    if (counts?.includes(name) === true) return [name, b.add(Minimum, [value, constantLike(b, value, most)])];
    const isRows = names.has(name) || fromDetections.has(value.node);
    return [name, isRows ? firstRows(b, value, count, most) : value];
  });
  return { ...graph, outputs: new Map(outputs) };
}

const rowsOf = (encoding: DetectionEncoding): Port => (encoding.kind === 'columns' ? encoding.scores : encoding.rows);

const portsOf = (encoding: DetectionEncoding): readonly Port[] =>
  encoding.kind === 'columns' ? [encoding.boxes, encoding.scores, encoding.classes] : [encoding.rows];

/** The first rows per image of [B, count, ...], or of [B * count, ...]. Other values stay the same. */
function firstRows(b: Builder, x: Value, count: number | undefined, most: number): Value {
  const first = (value: Value): Value => b.add(Slice, [value, b.i64(0), b.i64(most), b.i64(1), b.i64(1)]);
  const [rows, perImage, ...rest] = x.shape.map(size => (typeof size === 'number' ? size : undefined));
  if (x.shape.length > 1 && perImage === count) return first(x);
  const inner = [perImage, ...rest].slice(0, x.shape.length - 1);
  if (count === undefined || rows === undefined || rows % count > 0 || !inner.every(size => size !== undefined))
    return x;
  return reshape(b, first(reshape(b, x, -1, count, ...inner)), -1, ...inner);
}
