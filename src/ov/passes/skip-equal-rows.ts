import { numbersOf } from '../../tensor/tensor.ts';
import { Builder } from '../builder.ts';
import { finalSuppressions, suppressionsIn } from '../final-suppressions.ts';
import { constantOf, type Graph, type Node } from '../graph.ts';
import { rebuild } from '../rewrite.ts';
import { rowBlocks } from './equal-rows/row-blocks.ts';
import { rowRegion } from './equal-rows/row-region.ts';
import type { Pass } from './pass.ts';

/** With fewer rows there is little to save. */
const FEWEST_ROWS = 16;

/** Blocks of rows, or a few more: then they leave out more rows, but have fewer to compute at once. */
const BLOCKS = 8;

/** With a lower score threshold, an NMS selects as many boxes as it may, and there is no padding. */
const LEAST_SCORE = 0.05;

/**
 * A detector that returns a fixed number of detections adds padding to those that its NMS selects, and then computes a mask
 * of each. Rows that are equal have equal masks: of the rows at the end that are equal to the last one, one is computed.
 */
export const skipEqualRows: Pass = {
  name: 'skip-equal-rows',
  description: 'computes what follows NMS, such as masks, only for the actual detections, and once for their padding',
  changes: [{ name: 'skip-rows', summary: 'convolutions that skip the padding of detections' }],
  run(graph: Graph, count) {
    const suppressions = finalSuppressions(graph);
    const region = suppressions.flatMap(suppressionsIn).every(isSelective)
      ? rowRegion(graph, new Set(suppressions), FEWEST_ROWS)
      : undefined;
    if (region === undefined) return graph;
    const b = new Builder();
    b.origin = region.nodes[0]!.name;
    const results = rowBlocks(b, region, blockSize(region.count));
    if (results === undefined) return graph;
    count?.('skip-rows');
    const replaced = new Map(region.results.map((result, i) => [result, results[i]!]));
    return rebuild(
      graph,
      b,
      body => body,
      (node, rebuilt) => node.outputs.map((value, i) => replaced.get(value) ?? rebuilt[i]!),
    );
  },
};

/** Rows in a block: blocks of the same size, if possible. */
function blockSize(count: number): number {
  const most = Math.ceil(count / BLOCKS);
  const sizes = Array.from({ length: most }, (_, i) => most - i);
  return sizes.find(size => count % size === 0 && 2 * size >= most) ?? most;
}

/** Whether an NMS leaves out candidates with low scores. */
function isSelective({ inputs }: Node): boolean {
  const threshold = inputs[4] === undefined ? undefined : constantOf(inputs[4]);
  return threshold !== undefined && numbersOf(threshold)[0]! >= LEAST_SCORE;
}
