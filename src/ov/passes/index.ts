import { If } from '../ops/control-flow.ts';
import { ROIPooling } from '../ops/detection.ts';
import { Gather } from '../ops/gather.ts';
import { MatMul } from '../ops/matrix.ts';
import { Pad } from '../ops/movement.ts';
import { AvgPool } from '../ops/pooling.ts';
import { NonMaxSuppression, TopK } from '../ops/sort.ts';
import { EmbeddingBagPackedSum } from '../ops/sparse.ts';
import { activateMaps } from './activate-maps.ts';
import { compressToFp16 } from './compress-to-fp16.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { flattenPixels } from './flatten-pixels.ts';
import { foldScales } from './fold-scales.ts';
import { gatherFirst } from './gather-first.ts';
import { loadPass, type Pass, type RarePass } from './pass.ts';
import { pinShapes } from './pin-shapes.ts';
import { roundExactly } from './round-exactly.ts';
import { simplify } from './simplify.ts';
import { sinkTransposes } from './sink-transposes.ts';
import { skipUnread } from './skip-unread.ts';
import { transposeMatrices } from './transpose-matrices.ts';

const batchClassNms: RarePass = {
  name: 'batch-class-nms',
  ops: [NonMaxSuppression],
  load: async () => (await import('./batch-class-nms.ts')).batchClassNms,
};

const joinParts: RarePass = {
  name: 'join-parts',
  ops: [MatMul, Pad],
  load: async () => (await import('./join-parts.ts')).joinParts,
};

const cutCandidates: RarePass = {
  name: 'cut-candidates',
  ops: [NonMaxSuppression],
  load: async () => (await import('./cut-candidates.ts')).cutCandidates,
};

const gatherPadding: RarePass = {
  name: 'gather-padding',
  ops: [Pad],
  load: async () => (await import('./gather-padding.ts')).gatherPadding,
};

const sumRows: RarePass = {
  name: 'sum-rows',
  ops: [AvgPool, EmbeddingBagPackedSum, ROIPooling],
  load: async () => (await import('./sum-rows.ts')).sumRows,
};

const pickChannels: RarePass = {
  name: 'pick-channels',
  ops: [Gather],
  load: async () => (await import('./pick-channels.ts')).pickChannels,
};

const convolveBeforeResize: RarePass = {
  name: 'convolve-before-resize',
  ops: [Gather],
  load: async () => (await import('./convolve-before-resize.ts')).convolveBeforeResize,
};

const skipEqualRows: RarePass = {
  name: 'skip-equal-rows',
  ops: [NonMaxSuppression],
  load: async () => (await import('./skip-equal-rows.ts')).skipEqualRows,
};

const expandStableTopK: RarePass = {
  name: 'expand-stable-top-k',
  ops: [TopK],
  load: async () => (await import('./expand-stable-top-k.ts')).expandStableTopK,
};

const keepApart: RarePass = {
  name: 'keep-apart',
  ops: [MatMul, Pad],
  load: async () => (await import('./keep-apart.ts')).keepApart,
};

const takeBranchSizes: RarePass = {
  name: 'take-branch-sizes',
  ops: [If],
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
  keepApart,
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
