import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Divide, Maximum, Minimum, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { Range } from '../../../ov/ops/generation.ts';
import { convert, sizeAlong } from '../../../ov/shorthand.ts';

export interface Coordinates {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** An axis to resize, as f32 scalars and the positions of its output pixels. */
export interface Axis {
  readonly size: Value;
  readonly outSize: Value;
  readonly positions: Value;
}

export function axisOf(b: Builder, x: Value, axis: number, sizes: Value, index: number): Axis {
  const size = sizeAlong(b, x, axis);
  const outSize = b.add(Gather, [sizes, b.scalar('i64', index), b.scalar('i64', 0)]);
  const positions = b.add(Range, [b.scalar('i64', 0), convert(b, outSize, 'i64'), b.scalar('i64', 1)], {
    output_type: 'f32',
  });
  return { size: convert(b, size, 'f32'), outSize: convert(b, outSize, 'f32'), positions };
}

/**
 * Correctly rounded quotient of values of at least 1. OpenVINO multiplies by the rounded inverse of a constant divisor, so
 * the divisor depends on the dividend, which is not constant.
 */
const quotient = (b: Builder, dividend: Value, divisor: Value): Value =>
  b.add(Divide, [dividend, b.add(Maximum, [divisor, b.add(Minimum, [dividend, b.scalar('f32', 1)])])]);

/** Input pixels per output pixel, as TensorFlow rounds them. */
export function scaleOf(b: Builder, { size, outSize }: Axis, { alignCorners }: Coordinates): Value {
  if (!alignCorners) return quotient(b, size, outSize);
  const one = b.scalar('f32', 1);
  // TensorFlow ignores align_corners for an output of one pixel.
  const spans = b.add(Maximum, [b.add(Subtract, [outSize, one]), one]);
  return quotient(b, b.add(Subtract, [size, one]), spans);
}
