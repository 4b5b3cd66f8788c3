import { DecantError } from '../errors.ts';
import type { Graph, Node, Value } from '../ov/graph.ts';
import { topological } from '../ov/graph.ts';
import { rewrite, type RewriteNode } from '../ov/rewrite.ts';
import { type ClassSource, classSource } from './class-source.ts';
import { finalSteps } from './final-steps.ts';
import { classesOfHeatMap, keepInHeatMap } from './heat-map-classes.ts';
import { keepBest, keepColumn, keepOfAxis, keepRows } from './nms-classes.ts';
import { noPostProcessing } from './refusals.ts';

/** Class ids to keep, as the model returns them. */
export interface KeptClasses {
  readonly ids: readonly number[];
  readonly firstId: number;
}

/**
 * Makes a detector find only some of its classes, as if the scores of the others were too low. Those are left out before
 * the NMS, or before the peaks of a heat map are found. The ids of the classes stay the same.
 *
 * @throws DecantError `not-found` if the model has no class with an id; `unsupported` if the scores of the classes cannot
 * be told apart
 */
export function keepClasses(graph: Graph, kept: KeptClasses): Graph {
  const { suppressions, peaks } = finalSteps(graph);
  if (peaks !== undefined) {
    const count = classesOfHeatMap(peaks);
    return keptIn(
      graph,
      kept,
      count,
      keep =>
        (node, { b }) =>
          node === peaks ? keepInHeatMap(b, node, keep) : undefined,
    );
  }
  const nodes = [...suppressions];
  const [first] = nodes;
  if (first === undefined) throw noPostProcessing('the classes cannot be chosen');
  const [perNms, ...others] = new Set(nodes.map(node => classesPerNms(graph, node)));
  if (others.length > 0) throw indistinct();
  if (perNms !== undefined && perNms > 1) {
    const keepIn = first.inputs[1]!.shape[1] === 1 ? keepRows : keepOfAxis;
    return keptIn(
      graph,
      kept,
      perNms,
      keep =>
        (node, { b }) =>
          suppressions.has(node) ? keepIn(b, node, keep, perNms) : undefined,
    );
  }
  const sources = new Map(nodes.map(node => [node, perNms === 1 ? classSource(node.inputs[1]!) : undefined]));
  const source = sources.get(first);
  if (source?.kind === 'best') {
    return keptIn(
      graph,
      kept,
      source.count,
      keep =>
        (node, { b }) =>
          keepBest(b, node, source, keep),
    );
  }
  const positions = positionsOf([...sources.values()]);
  return keptIn(graph, kept, positions.length, keep => (node, { b }) => {
    const own = sources.get(node);
    return own?.kind === 'column' && !keep.includes(positions.indexOf(own.at)) ? keepColumn(b, node) : undefined;
  });
}

/** The number of classes that an NMS works on; undefined if it cannot be told from the number of images. */
function classesPerNms(graph: Graph, nms: Node): number | undefined {
  const [boxes, scores] = nms.inputs as readonly [Value, Value];
  const classes = scores.shape[1];
  if (typeof classes !== 'number' || classes > 1) return classes as number | undefined;
  const isInBody = !topological(graph).includes(nms);
  const images = isInBody ? 1 : [...graph.inputs.values()].find(({ shape }) => shape.length === 4)?.shape[0];
  const rows = boxes.shape[0];
  const perImage = typeof images === 'number' ? Number(rows) / images : NaN;
  return Number.isInteger(perImage) ? perImage : undefined;
}

/** The positions that the copies of an NMS take their scores from: one per class. */
function positionsOf(sources: readonly (ClassSource | undefined)[]): readonly number[] {
  const positions = sources.flatMap(source => (source?.kind === 'column' ? [source.at] : []));
  if (positions.length === sources.length && new Set(positions).size === positions.length) {
    return positions.sort((a, b) => a - b);
  }
  throw indistinct();
}

function keptIn(
  graph: Graph,
  { ids, firstId }: KeptClasses,
  count: number,
  rule: (keep: readonly number[]) => RewriteNode,
): Graph {
  const unknown = ids.find(id => id < firstId || id >= firstId + count);
  if (unknown !== undefined) {
    throw new DecantError('not-found', `the model has no class ${unknown}`, {
      remedy: `Its class ids are ${firstId} to ${firstId + count - 1}.`,
    });
  }
  const keep = [...new Set(ids)].map(id => id - firstId).sort((a, b) => a - b);
  return keep.length === count ? graph : rewrite(graph, rule(keep));
}

const indistinct = (): DecantError =>
  new DecantError('unsupported', 'the classes cannot be chosen: their scores before the NMS cannot be told apart', {
    remedy: 'Choose among the detections instead, as decant detect --classes does.',
  });
