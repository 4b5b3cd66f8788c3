import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Divide, Multiply, Negative, Sqrt, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Broadcast, Split } from '../../../ov/ops/movement.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { concat, squeeze, unsqueeze } from '../../../ov/shorthand.ts';
import { shapeEquals } from '../../../tensor/dim.ts';
import type { ComplexValue } from '../../operand.ts';
import { filledLike } from '../generation.ts';

/** Splits pairs along the last axis. */
export function fromPairs(b: Builder, pairs: Value): ComplexValue {
  const axis = pairs.shape.length - 1;
  const parts = b.addAll(Split, [pairs, b.scalar('i64', axis)], { num_splits: 2 });
  const [real, imaginary] = parts.map(part => squeeze(b, part, axis)) as [Value, Value];
  return { real, imaginary };
}

/** Joins the parts as pairs along a new last axis. */
export function toPairs(b: Builder, { real, imaginary }: ComplexValue): Value {
  const axis = real.shape.length;
  return concat(
    b,
    axis,
    [real, imaginary].map(part => unsqueeze(b, part, axis)),
  );
}

export const toComplex = (b: Builder, real: Value): ComplexValue => ({ real, imaginary: filledLike(b, real, 0) });

/** Joins two real tensors that broadcast. */
export function complexOf(b: Builder, real: Value, imaginary: Value): ComplexValue {
  if (shapeEquals(real.shape, imaginary.shape)) return { real, imaginary };
  const spread = (x: Value, like: Value): Value =>
    b.add(Broadcast, [x, b.add(ShapeOf, [like])], { mode: 'bidirectional' });
  return { real: spread(real, imaginary), imaginary: spread(imaginary, real) };
}

export const conjugate = (b: Builder, { real, imaginary }: ComplexValue): ComplexValue => ({
  real,
  imaginary: b.add(Negative, [imaginary]),
});

/** Applies a product of two real tensors, such as Multiply or MatMul, to complex ones. */
export function multiplied(
  b: Builder,
  x: ComplexValue,
  y: ComplexValue,
  product = (p: Value, q: Value): Value => b.add(Multiply, [p, q]),
): ComplexValue {
  return {
    real: b.add(Subtract, [product(x.real, y.real), product(x.imaginary, y.imaginary)]),
    imaginary: b.add(Add, [product(x.real, y.imaginary), product(x.imaginary, y.real)]),
  };
}

/** The squared distance from 0. */
export const squaredNorm = (b: Builder, { real, imaginary }: ComplexValue): Value =>
  b.add(Add, [b.add(Multiply, [real, real]), b.add(Multiply, [imaginary, imaginary])]);

export const absolute = (b: Builder, x: ComplexValue): Value => b.add(Sqrt, [squaredNorm(b, x)]);

export function divided(b: Builder, x: ComplexValue, y: ComplexValue): ComplexValue {
  const { real, imaginary } = multiplied(b, x, conjugate(b, y));
  const norm = squaredNorm(b, y);
  return { real: b.add(Divide, [real, norm]), imaginary: b.add(Divide, [imaginary, norm]) };
}
