import { type Graph, is, type Node, topological, type Value } from '../graph.ts';
import { NonMaxSuppression } from '../ops/sort.ts';
import { Concat } from '../ops/movement.ts';
import { Reshape } from '../ops/shape.ts';
import { rewrite, type Rule } from '../rewrite.ts';
import { Batcher } from './batching/batcher.ts';
import { BATCHING_RULES } from './batching/batching-rules.ts';
import type { Pass } from './pass.ts';

/** How far in front of a Concat a suppression is looked for. */
const FAR = 400;

/** The suppression of boxes that a value comes from by a computation of its own class. */
function suppressionBehind(value: Value): Node | undefined {
  const seen = new Set<Node>();
  const waiting = [value.node];
  for (let node = waiting.pop(); node !== undefined && seen.size < FAR; node = waiting.pop()) {
    if (seen.has(node)) continue;
    if (is(node, NonMaxSuppression)) return node;
    seen.add(node);
    waiting.push(...node.inputs.map(input => input.node));
  }
  return undefined;
}

/**
 * Detectors suppress overlapping boxes class by class: for each class a copy of the same computation, whose results are
 * joined. Where the copies differ in nothing but the class's scores, boxes and numbers, one computation over all classes
 * takes their place: thousands of nodes become some dozens, and their answers stay the same.
 */
export const batchClassNms: Pass = {
  name: 'batch-class-nms',
  run(graph: Graph, count) {
    if (!topological(graph).some(node => is(node, NonMaxSuppression))) return graph;
    const joined = new Set<Node>();
    let batcher: Batcher | undefined;
    const fuse: Rule = (node, b) => {
      if (!is(node, Concat) || node.attrs.axis !== 0 || node.inputs.length < 2) return undefined;
      if (!node.inputs.slice(0, 2).every(suppressionBehind)) return undefined;
      // The suppressions of several joins are the same: what one join found out serves the others.
      batcher ??= new Batcher(b, BATCHING_RULES);
      const lanes = batcher.lanesOf(node.inputs);
      if (lanes?.kind !== 'stacked') return undefined;
      b.origin = node.name;
      const rest = node.outputs[0]!.shape.slice(1);
      if (!rest.every(dim => typeof dim === 'number')) return undefined;
      for (const input of node.inputs) {
        const suppression = suppressionBehind(input);
        if (suppression !== undefined) joined.add(suppression);
      }
      return [b.add(Reshape, [lanes.value, b.i64(-1, ...rest.map(Number))])];
    };
    const fused = rewrite(graph, fuse);
    if (joined.size > 0) count?.('suppressions of overlapping boxes, one for each class, done as one', joined.size);
    return fused;
  },
};
