import type { OpCase } from '../op-case.ts';
import { activation } from './activation.ts';
import { arithmetic } from './arithmetic.ts';
import { bitwise } from './bitwise.ts';
import { comparison } from './comparison.ts';
import { condition } from './condition.ts';
import { controlFlow } from './control-flow.ts';
import { convolution } from './convolution.ts';
import { detection } from './detection.ts';
import { gather } from './gather.ts';
import { generation } from './generation.ts';
import { image } from './image.ts';
import { logical } from './logical.ts';
import { matrix } from './matrix.ts';
import { movement } from './movement.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { quantization } from './quantization.ts';
import { reduction } from './reduction.ts';
import { sequence } from './sequence.ts';
import { shape } from './shape.ts';
import { signal } from './signal.ts';
import { slice } from './slice.ts';
import { sort } from './sort.ts';
import { sparse } from './sparse.ts';
import { type } from './type.ts';

/** The cases of every op, by family. */
export const FAMILIES: Readonly<Record<string, readonly OpCase[]>> = {
  activation,
  arithmetic,
  bitwise,
  comparison,
  condition,
  controlFlow,
  convolution,
  detection,
  gather,
  generation,
  image,
  logical,
  matrix,
  movement,
  normalization,
  pooling,
  quantization,
  reduction,
  sequence,
  shape,
  signal,
  slice,
  sort,
  sparse,
  type,
};
