import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { FakeQuantize } from '../ov/ops/quantization.ts';
import { tensor } from '../tensor/tensor.ts';
import type { Point } from './where-to-quantize.ts';
import { LEVELS, type Range } from './range.ts';

/** A point and its ranges: one, or one per channel. */
export interface RangedPoint extends Point {
  readonly ranges: readonly Range[];
}

/** Adds a `FakeQuantize` of a value. */
export function fakeQuantize(b: Builder, x: Value, { perChannel, ranges }: RangedPoint): Value {
  const shape = perChannel ? x.shape.map((_, axis) => (axis === 1 ? ranges.length : 1)) : [];
  const limit = (numbers: readonly number[]): Value => b.constant(tensor('f32', shape, Float32Array.from(numbers)));
  const low = limit(ranges.map(range => range.low));
  const high = limit(ranges.map(range => range.high));
  return b.add(FakeQuantize, [x, low, high, low, high], { levels: LEVELS });
}
