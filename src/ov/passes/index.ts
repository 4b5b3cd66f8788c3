import { within } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import { compressToFp16 } from './compress-to-fp16.ts';
import { batchClassNms } from './batch-class-nms.ts';
import { foldScales } from './fold-scales.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import type { Count, Pass } from './pass.ts';
import { pinShapes } from './pin-shapes.ts';
import { simplify } from './simplify.ts';
import { sinkTransposes } from './sink-transposes.ts';

/** What every graph goes through, in order. */
export const PASSES: readonly Pass[] = [
  simplify,
  eliminateCommonSubexpressions,
  batchClassNms,
  simplify,
  eliminateCommonSubexpressions,
  sinkTransposes,
  foldScales,
  simplify,
  eliminateCommonSubexpressions,
  pinShapes,
];

/** Weights as f16: the last step, and the only one that changes numbers. */
export const COMPRESSION: readonly Pass[] = [compressToFp16];

/** How often a pass did what. */
export type Changes = Readonly<Record<string, number>>;

/** The graph behind all passes; `done` is told of each. */
export function runPasses(
  graph: Graph,
  passes: readonly Pass[],
  done?: (pass: string, graph: Graph, changes: Changes) => void,
): Graph {
  return passes.reduce((current, pass) => {
    const changes: Record<string, number> = {};
    const count: Count = (what, times = 1) => void (changes[what] = (changes[what] ?? 0) + times);
    const next = within(`in pass ${pass.name}`, () => pass.run(current, count));
    done?.(pass.name, next, changes);
    return next;
  }, graph);
}
