import { type ElementType, isReal } from './element-type.ts';
import { random } from './random.ts';
import { sizeOf, type Tensor, tensorOf } from './tensor.ts';

/** Exclusive upper limits of integers, if not 256. */
const LIMITS: Readonly<Partial<Record<ElementType, number>>> = { boolean: 2, i8: 128 };

interface RandomOptions {
  readonly seed: number;
  /** Exclusive upper limit of reals; 1 by default. */
  readonly scale?: number;
}

/** Returns a tensor of pseudorandom elements: reals from 0 to `scale`, integers from 0 to 255 where the type has them. */
export function randomTensor(type: ElementType, shape: readonly number[], { seed, scale = 1 }: RandomOptions): Tensor {
  const next = random(seed);
  const limit = LIMITS[type] ?? 256;
  const element = isReal(type) ? () => scale * next() : () => Math.floor(limit * next());
  return tensorOf(type, shape, Array.from({ length: sizeOf(shape) }, element));
}
