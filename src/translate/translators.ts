import { branches } from './control/branch.ts';
import { loops } from './control/loop.ts';
import { activation } from './ops/activation.ts';
import { arithmetic } from './ops/arithmetic.ts';
import { bitwise } from './ops/bitwise.ts';
import { comparison } from './ops/comparison.ts';
import { condition } from './ops/condition.ts';
import { convolution } from './ops/convolution.ts';
import { gather } from './ops/gather.ts';
import { generation } from './ops/generation.ts';
import { image } from './ops/image.ts';
import { infrastructure } from './ops/infrastructure.ts';
import { list } from './ops/list.ts';
import { logical } from './ops/logical.ts';
import { matrix } from './ops/matrix.ts';
import { movement } from './ops/movement.ts';
import { normalization } from './ops/normalization.ts';
import { pooling } from './ops/pooling.ts';
import { quantization } from './ops/quantization.ts';
import { reduction } from './ops/reduction.ts';
import { segment } from './ops/segment.ts';
import { sequence } from './ops/sequence.ts';
import { shape } from './ops/shape.ts';
import { signal } from './ops/signal.ts';
import { slice } from './ops/slice.ts';
import { sort } from './ops/sort.ts';
import { sparse } from './ops/sparse.ts';
import { table } from './ops/table.ts';
import { type } from './ops/type.ts';
import { refused } from './refused.ts';
import type { Translators } from './translator.ts';

export const TRANSLATORS: Translators = {
  ...activation,
  ...arithmetic,
  ...bitwise,
  ...comparison,
  ...condition,
  ...convolution,
  ...gather,
  ...generation,
  ...image,
  ...infrastructure,
  ...list,
  ...logical,
  ...matrix,
  ...movement,
  ...normalization,
  ...pooling,
  ...quantization,
  ...reduction,
  ...segment,
  ...sequence,
  ...shape,
  ...signal,
  ...slice,
  ...sort,
  ...sparse,
  ...table,
  ...type,
  ...branches,
  ...loops,
  ...refused,
};
