import { within } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import { batchClassNms } from './batch-class-nms.ts';
import { batchLoop } from './batch-loop.ts';
import type { Count } from './change.ts';
import { compressToFp16 } from './compress-to-fp16.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { foldScales } from './fold-scales.ts';
import type { Pass } from './pass.ts';
import { pinShapes } from './pin-shapes.ts';
import { simplify } from './simplify.ts';
import { sinkTransposes } from './sink-transposes.ts';

/** The passes that every graph goes through, in order. */
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

/** The last passes: the only ones that change results by more than rounding. */
export const COMPRESSION: readonly Pass[] = [compressToFp16];

/** The number of changes a pass made, by name. */
export type Changes = Readonly<Record<string, number>>;

const SUMMARIES = new Map(
  [...PASSES, batchLoop(1), ...COMPRESSION].flatMap(({ changes }) =>
    changes.map(({ name, summary }) => [name, summary] as const),
  ),
);

/** Returns the summary of a change by its name, or the name if there is none. */
export const summaryOf = (change: string): string => SUMMARIES.get(change) ?? change;

/** Runs passes in order; `done` is called after each. */
export function runPasses(
  graph: Graph,
  passes: readonly Pass[],
  done?: (pass: string, graph: Graph, changes: Changes) => void,
): Graph {
  return passes.reduce((current, pass) => {
    const changes: Record<string, number> = {};
    const count: Count = (name, times = 1) => void (changes[name] = (changes[name] ?? 0) + times);
    const next = within(`in pass ${pass.name}`, () => pass.run(current, count));
    done?.(pass.name, next, changes);
    return next;
  }, graph);
}
