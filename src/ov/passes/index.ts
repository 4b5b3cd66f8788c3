import { If } from '../ops/control-flow.ts';
import { Gather } from '../ops/gather.ts';
import { Pad } from '../ops/movement.ts';
import { NonMaxSuppression, TopK } from '../ops/sort.ts';
import { activateMaps } from './activate-maps.ts';
import { compressToFp16 } from './compress-to-fp16.ts';
import { convolveBeforeResize } from './convolve-before-resize.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { flattenPixels } from './flatten-pixels.ts';
import { foldScales } from './fold-scales.ts';
import { gatherFirst } from './gather-first.ts';
import { joinParts } from './join-parts.ts';
import { loadPass, type Pass, type RarePass } from './pass.ts';
import { pinShapes } from './pin-shapes.ts';
import { roundExactly } from './round-exactly.ts';
import { simplify } from './simplify.ts';
import { sinkTransposes } from './sink-transposes.ts';
import { skipEqualRows } from './skip-equal-rows.ts';
import { skipUnread } from './skip-unread.ts';
import { sumRows } from './sum-rows.ts';
import { transposeMatrices } from './transpose-matrices.ts';

const batchClassNms: RarePass = {
  name: 'batch-class-nms',
  op: NonMaxSuppression,
  load: async () => (await import('./batch-class-nms.ts')).batchClassNms,
};

const cutCandidates: RarePass = {
  name: 'cut-candidates',
  op: NonMaxSuppression,
  load: async () => (await import('./cut-candidates.ts')).cutCandidates,
};

const gatherPadding: RarePass = {
  name: 'gather-padding',
  op: Pad,
  load: async () => (await import('./gather-padding.ts')).gatherPadding,
};

const pickChannels: RarePass = {
  name: 'pick-channels',
  op: Gather,
  load: async () => (await import('./pick-channels.ts')).pickChannels,
};

const expandStableTopK: RarePass = {
  name: 'expand-stable-top-k',
  op: TopK,
  load: async () => (await import('./expand-stable-top-k.ts')).expandStableTopK,
};

const takeBranchSizes: RarePass = {
  name: 'take-branch-sizes',
  op: If,
  load: async () => (await import('./take-branch-sizes.ts')).takeBranchSizes,
};

export const PASSES: readonly (Pass | RarePass)[] = [
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

/** Loads all passes, in their order. */
export const loadPasses = async (): Promise<readonly Pass[]> => Promise.all(PASSES.map(loadPass));
