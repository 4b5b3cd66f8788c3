import { activation } from './ops/activation.ts';
import { arithmetic } from './ops/arithmetic.ts';
import { comparison } from './ops/comparison.ts';
import { condition } from './ops/condition.ts';
import { convolution } from './ops/convolution.ts';
import { gather } from './ops/gather.ts';
import { generation } from './ops/generation.ts';
import { image } from './ops/image.ts';
import { infrastructure } from './ops/infrastructure.ts';
import { logical } from './ops/logical.ts';
import { matrix } from './ops/matrix.ts';
import { movement } from './ops/movement.ts';
import { normalization } from './ops/normalization.ts';
import { pooling } from './ops/pooling.ts';
import { reduction } from './ops/reduction.ts';
import { shape } from './ops/shape.ts';
import { slice } from './ops/slice.ts';
import { sort } from './ops/sort.ts';
import { type } from './ops/type.ts';
import type { Translators } from './translator.ts';

/** Translators of the ops that most detectors consist of. The others are loaded when a model needs one. */
export const COMMON_TRANSLATORS: Translators = {
  ...activation,
  ...arithmetic,
  ...comparison,
  ...condition,
  ...convolution,
  ...gather,
  ...generation,
  ...image,
  ...infrastructure,
  ...logical,
  ...matrix,
  ...movement,
  ...normalization,
  ...pooling,
  ...reduction,
  ...shape,
  ...slice,
  ...sort,
  ...type,
};
