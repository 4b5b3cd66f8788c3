import { activateMaps } from './activate-maps.ts';
import { batchClassNms } from './batch-class-nms.ts';
import { batchLoop } from './batch-loop.ts';
import { compressToFp16 } from './compress-to-fp16.ts';
import { convolveBeforeResize } from './convolve-before-resize.ts';
import { cutCandidates } from './cut-candidates.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { expandStableTopK } from './expand-stable-top-k.ts';
import { flattenPixels } from './flatten-pixels.ts';
import { foldScales } from './fold-scales.ts';
import { gatherFirst } from './gather-first.ts';
import { gatherPadding } from './gather-padding.ts';
import { joinParts } from './join-parts.ts';
import type { Pass } from './pass.ts';
import { pickChannels } from './pick-channels.ts';
import { pinShapes } from './pin-shapes.ts';
import { roundExactly } from './round-exactly.ts';
import { simplify } from './simplify.ts';
import { sinkTransposes } from './sink-transposes.ts';
import { skipEqualRows } from './skip-equal-rows.ts';
import { skipUnread } from './skip-unread.ts';
import { sumRows } from './sum-rows.ts';
import { takeBranchSizes } from './take-branch-sizes.ts';
import { transposeMatrices } from './transpose-matrices.ts';
import { winograd } from './winograd.ts';

export const PASSES: readonly Pass[] = [
  simplify,
  eliminateCommonSubexpressions,
  batchClassNms,
  joinParts,
  simplify,
  eliminateCommonSubexpressions,
  cutCandidates,
  gatherFirst,
  gatherPadding,
  eliminateCommonSubexpressions,
  flattenPixels,
  eliminateCommonSubexpressions,
  sinkTransposes,
  roundExactly,
  foldScales,
  activateMaps,
  skipUnread,
  sumRows,
  pickChannels,
  convolveBeforeResize,
  skipEqualRows,
  expandStableTopK,
  transposeMatrices,
  simplify,
  eliminateCommonSubexpressions,
  pinShapes,
  takeBranchSizes,
];

/** The last passes: the only ones that change results by more than rounding. */
export const COMPRESSION: readonly Pass[] = [compressToFp16];

export type Changes = Readonly<Record<string, number>>;

const SUMMARIES = new Map(
  [...PASSES, batchLoop(1), ...COMPRESSION, winograd].flatMap(({ changes }) =>
    changes.map(({ name, summary }) => [name, summary] as const),
  ),
);

export const summaryOf = (change: string): string => SUMMARIES.get(change) ?? change;
