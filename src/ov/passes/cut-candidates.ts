import { isStatic } from '../../tensor/dim.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { Builder } from '../builder.ts';
import { constantOf, type Graph, is, type Node, topological, type Value } from '../graph.ts';
import { rewrite, withOutputs } from '../rewrite.ts';
import { NonMaxSuppression } from '../ops/sort.ts';
import { analyzeRows } from './candidates/analyze-rows.ts';
import { chooseBranch } from './candidates/choose-branch.ts';
import { NmsOfBest } from './candidates/nms-of-best.ts';
import { type Region, regionAfter } from './candidates/region.ts';
import type { Pass } from './pass.ts';

/** Boxes that remain after the cut, unless that is more than half of them. */
const KEPT = 1024;

/** With fewer boxes a cut does not pay. */
const MIN_BOXES = 1024;

/**
 * Detectors sort and filter what NMS selects, and return the first rows. NMS treats a box only depending on boxes with
 * higher scores: of the boxes with scores above a limit, it selects the same without the others. If enough rows remain,
 * the detections are the same; otherwise, an `If` runs the NMS of all boxes.
 */
export const cutCandidates: Pass = {
  name: 'cut-candidates',
  description: 'runs NMS on the boxes with the best scores, and on all only if too few of those remain',
  changes: [{ name: 'cut', summary: 'NMS run on the best candidates' }],
  run(graph: Graph, count) {
    const cutFirst = (current: Graph): Graph => {
      for (const node of topological(current)) {
        const result = is(node, NonMaxSuppression) ? cut(current, node) : undefined;
        if (result === undefined) continue;
        count?.('cut');
        return result;
      }
      return current;
    };
    return cutFirst(rewrite(graph, (node, { b }) => changeBodies(node, cutFirst, b)));
  },
};

function changeBodies(node: Node, change: (body: Graph) => Graph, b: Builder): readonly Value[] | undefined {
  const bodies = node.bodies.map(change);
  return bodies.every((body, i) => body === node.bodies[i]) ? undefined : b.rebuild(node, node.inputs, bodies);
}

function cut(graph: Graph, nms: Node): Graph | undefined {
  const [boxes, scores, , , threshold] = nms.inputs as readonly [Value, Value, Value, Value, Value];
  const count = boxes.shape[1];
  if (boxes.shape[0] !== 1 || typeof count !== 'number' || count < MIN_BOXES) return undefined;
  if (!isStatic(scores.shape) || constantOf(threshold) === undefined) return undefined;
  const region = regionAfter(graph, nms);
  if (region === undefined) return undefined;
  const b = new Builder(nms.name);
  const best = new NmsOfBest(b, nms, Math.min(KEPT, count >> 1));
  const analysis = analyzeRows(b, nms, region.nodes, best.classColumn, (list, size, meanings) =>
    best.pick(list, size, meanings),
  );
  if (analysis === undefined || analysis.required * 2 > best.kept) return undefined;
  const results = region.results.map(value => analysis.meanings.of(value));
  const values = results.flatMap(meaning => (meaning.kind === 'plain' ? [meaning.value] : []));
  const enough = best.isEnough(analysis, numbersOf(constantOf(threshold)!)[0]!);
  if (values.length < results.length || enough === undefined) return undefined;
  const outputs = chooseBranch(b, graph, enough, values, region);
  return replaceRegion(graph, region, outputs);
}

function replaceRegion(graph: Graph, { nodes, results }: Region, outputs: readonly Value[]): Graph {
  const b = new Builder();
  const replaced = new Map(results.map((value, i) => [value, outputs[i]!]));
  const now = (value: Value): Value => replaced.get(value) ?? value;
  const inside = new Set(nodes);
  for (const node of topological(graph)) {
    if (inside.has(node) || node.inputs.every(input => now(input) === input)) continue;
    b.origin = node.name;
    const rebuilt = b.rebuild(node, node.inputs.map(now));
    node.outputs.forEach((value, i) => replaced.set(value, rebuilt[i]!));
  }
  return withOutputs(graph, now);
}
