import { tensorOf, vector } from '../tensor/tensor.ts';
import type { Builder } from '../ov/builder.ts';
import { is, type Node, type Value } from '../ov/graph.ts';
import { Gather } from '../ov/ops/gather.ts';
import { ReduceMax } from '../ov/ops/reduction.ts';
import { TopK } from '../ov/ops/sort.ts';
import { columnOf, concat, unsqueeze } from '../ov/shorthand.ts';
import { classScoresBefore, type ClassSource, reducedClasses } from './class-source.ts';

const IMAGE_COLUMN = 0;
const CLASS_COLUMN = 1;

/** An NMS of boxes [B, N, 4] and scores [B, C, N]. */
export function keepOfAxis(b: Builder, nms: Node, keep: readonly number[]): readonly Value[] {
  const scores = b.add(Gather, [nms.inputs[1]!, b.i64(...keep), b.scalar('i64', 1)]);
  return renumbered(b, b.rebuild(nms, nms.inputs.with(1, scores)), CLASS_COLUMN, keep);
}

/** An NMS of boxes [B * C, N, 4] and scores [B * C, 1, N]. */
export function keepRows(b: Builder, nms: Node, keep: readonly number[], classes: number): readonly Value[] {
  const [boxes, scores, ...others] = nms.inputs as readonly [Value, Value, ...Value[]];
  const images = Number(boxes.shape[0]) / classes;
  const rows = Array.from({ length: images }, (_, image) => keep.map(at => image * classes + at)).flat();
  const kept = (x: Value): Value => b.add(Gather, [x, b.i64(...rows), b.scalar('i64', 0)]);
  return renumbered(b, b.rebuild(nms, [kept(boxes), kept(scores), ...others]), IMAGE_COLUMN, rows);
}

/** The outputs of an NMS with the former numbers in a column. */
function renumbered(
  b: Builder,
  outputs: readonly Value[],
  column: number,
  numbers: readonly number[],
): readonly Value[] {
  const [boxes, scores, count] = outputs as readonly [Value, Value, Value];
  const at = (x: Value, i: number): Value => b.add(Gather, [x, b.i64(i), b.scalar('i64', 1)]);
  const position = columnOf(b, boxes, column);
  const rowsOf = (x: Value): Value => {
    const former = b.add(Gather, [b.constant(vector(x.type, numbers)), position, b.scalar('i64', 0)]);
    return concat(
      b,
      1,
      [0, 1, 2].map(i => (i === column ? unsqueeze(b, former, 1) : at(x, i))),
    );
  };
  return [rowsOf(boxes), rowsOf(scores), count];
}

/** What an NMS of a class that is not kept selects: nothing. */
export const keepColumn = (b: Builder, nms: Node): readonly Value[] =>
  nms.outputs.map(({ type }, i) => b.constant(i < 2 ? tensorOf(type, [0, 3], []) : tensorOf(type, [1], [0])));

/** The best class of each box, and its score, among those that are kept. */
export function keepBest(
  b: Builder,
  node: Node,
  source: Extract<ClassSource, { kind: 'best' }>,
  keep: readonly number[],
): readonly Value[] | undefined {
  if (!is(node, ReduceMax) && !is(node, TopK)) return undefined;
  const reduced = reducedClasses(node);
  if (reduced?.count !== source.count || !sameScores(node.inputs[0]!, reduced.axis, source)) return undefined;
  const kept = b.add(Gather, [node.inputs[0]!, b.i64(...keep), b.scalar('i64', reduced.axis)]);
  const outputs = b.rebuild(node, [kept, ...node.inputs.slice(1)]);
  const [values, positions] = outputs;
  if (positions === undefined) return outputs;
  return [values!, b.add(Gather, [b.constant(vector(positions.type, keep)), positions, b.scalar('i64', 0)])];
}

function sameScores(
  x: Value,
  axis: number,
  { scores, axis: ofScores, count }: Extract<ClassSource, { kind: 'best' }>,
): boolean {
  if (x === scores) return axis === ofScores;
  const areLast = axis === x.shape.length - 1 && ofScores === scores.shape.length - 1;
  return areLast && classScoresBefore(x, count) === classScoresBefore(scores, count);
}
