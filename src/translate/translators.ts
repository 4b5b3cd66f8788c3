import { COMMON_TRANSLATORS } from './common-translators.ts';
import { FLOW_TRANSLATORS } from './flow-translators.ts';
import { bitwise } from './ops/bitwise.ts';
import { quantization } from './ops/quantization.ts';
import { segment } from './ops/segment.ts';
import { sequence } from './ops/sequence.ts';
import { signal } from './ops/signal.ts';
import { sparse } from './ops/sparse.ts';
import { combinedNonMaxSuppression } from './ops/support/combined-nms.ts';
import { table } from './ops/table.ts';
import { refused } from './refused.ts';
import type { Translators } from './translator.ts';

export const TRANSLATORS: Translators = {
  ...COMMON_TRANSLATORS,
  ...FLOW_TRANSLATORS,
  ...bitwise,
  ...quantization,
  ...segment,
  ...sequence,
  ...signal,
  ...sparse,
  ...table,
  // Of the family `sort`, which most detectors need: it brings the code that cuts candidates.
  CombinedNonMaxSuppression: combinedNonMaxSuppression,
  ...refused,
};
