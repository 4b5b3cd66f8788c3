import { bitwise } from './ops/bitwise.ts';
import { quantization } from './ops/quantization.ts';
import { arithmetic } from './ops/rare/arithmetic.ts';
import { gather } from './ops/rare/gather.ts';
import { image } from './ops/rare/image.ts';
import { matrix } from './ops/rare/matrix.ts';
import { movement } from './ops/rare/movement.ts';
import { pooling } from './ops/rare/pooling.ts';
import { sort } from './ops/rare/sort.ts';
import { type } from './ops/rare/type.ts';
import { segment } from './ops/segment.ts';
import { sequence } from './ops/sequence.ts';
import { signal } from './ops/signal.ts';
import { sparse } from './ops/sparse.ts';
import { table } from './ops/table.ts';
import type { Translators } from './translator.ts';

/** Translators of the ops that few detectors have: of whole families, and in `ops/rare`, of families with common ops. */
export const RARE_TRANSLATORS: Translators = {
  ...arithmetic,
  ...bitwise,
  ...gather,
  ...image,
  ...matrix,
  ...movement,
  ...pooling,
  ...quantization,
  ...segment,
  ...sequence,
  ...signal,
  ...sort,
  ...sparse,
  ...table,
  ...type,
};
