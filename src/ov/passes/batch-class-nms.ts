import { isStatic } from '../../tensor/dim.ts';
import type { Builder } from '../builder.ts';
import { type Graph, is, type Node, type Value } from '../graph.ts';
import { Concat } from '../ops/movement.ts';
import { Reshape } from '../ops/shape.ts';
import { NonMaxSuppression } from '../ops/sort.ts';
import { rewrite, type RewriteNode } from '../rewrite.ts';
import { Batcher } from './batching/batcher.ts';
import { BATCHING_RULES } from './batching/batching-rules.ts';
import type { Pass } from './pass.ts';

const SEARCH_LIMIT = 400;

function findNms(value: Value): Node | undefined {
  const seen = new Set<Node>();
  const waiting = [value.node];
  for (let node = waiting.pop(); node !== undefined && seen.size < SEARCH_LIMIT; node = waiting.pop()) {
    if (seen.has(node)) continue;
    if (is(node, NonMaxSuppression)) return node;
    seen.add(node);
    waiting.push(...node.inputs.map(input => input.node));
  }
  return undefined;
}

/**
 * Detectors of TensorFlow's Object Detection API contain a copy of non-maximum suppression per class, and concatenate the
 * results. If the copies differ only in scores, boxes and constants, the pass replaces them by one batched computation.
 */
export const batchClassNms: Pass = {
  name: 'batch-class-nms',
  description: 'replaces the per-class copies of non-maximum suppression by one NMS over all classes',
  changes: [{ name: 'batch-nms', summary: 'per-class NMS batched' }],
  run(graph: Graph, count) {
    const replaced = new Set<Node>();
    // Several Concats (boxes, scores, classes) of a graph share the same NMS copies, and so the batched one.
    const batchers = new Map<Builder, Batcher>();
    const batchConcat: RewriteNode = (node, { b }) => {
      if (!is(node, Concat) || node.attrs.axis !== 0 || node.inputs.length < 2) return undefined;
      if (!node.inputs.slice(0, 2).every(findNms)) return undefined;
      const batcher = batchers.get(b) ?? new Batcher(b, BATCHING_RULES);
      batchers.set(b, batcher);
      const copies = batcher.batch(node.inputs);
      if (copies?.kind !== 'batched') return undefined;
      b.origin = node.name;
      const rest = node.outputs[0]!.shape.slice(1);
      if (!isStatic(rest)) return undefined;
      for (const input of node.inputs) {
        const nms = findNms(input);
        if (nms !== undefined) replaced.add(nms);
      }
      return [b.add(Reshape, [copies.value, b.i64(-1, ...rest)])];
    };
    const batched = rewrite(graph, batchConcat);
    if (replaced.size > 0) count?.('batch-nms', replaced.size);
    return batched;
  },
};
