import { COMMON_TRANSLATORS } from './common-translators.ts';
import { branches } from './control/branch.ts';
import { loops } from './control/loop.ts';
import { bitwise } from './ops/bitwise.ts';
import { list } from './ops/list.ts';
import { quantization } from './ops/quantization.ts';
import { segment } from './ops/segment.ts';
import { sequence } from './ops/sequence.ts';
import { signal } from './ops/signal.ts';
import { sparse } from './ops/sparse.ts';
import { table } from './ops/table.ts';
import { refused } from './refused.ts';
import type { Translators } from './translator.ts';

export const TRANSLATORS: Translators = {
  ...COMMON_TRANSLATORS,
  ...bitwise,
  ...list,
  ...quantization,
  ...segment,
  ...sequence,
  ...signal,
  ...sparse,
  ...table,
  ...branches,
  ...loops,
  ...refused,
};
