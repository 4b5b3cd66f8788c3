import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Abs, Atan, Divide, Log, Multiply, Negative, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Equal } from '../../../ov/ops/comparison.ts';
import { ReduceSum } from '../../../ov/ops/reduction.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { constantLike } from '../../../ov/shorthand.ts';
import type { Translators, Translator } from '../../translator.ts';
import { cumulativeProduct } from '../support/cumulative-product.ts';
import { hasSignBit } from '../support/sign-bit.ts';
import { log1p } from '../arithmetic.ts';

const zeroWhereZero =
  (f: (b: Builder, x: Value, y: Value) => Value): Translator =>
  (op, b) => {
    const x = op.input(0);
    const y = op.input(1);
    const zero = constantLike(b, x, 0);
    return b.add(Select, [b.add(Equal, [x, zero]), zero, f(b, x, y)]);
  };

/** The angle of the point (x, y) as IEEE 754 defines it, for zeros of both signs and infinities too. */
export function atan2(b: Builder, y: Value, x: Value): Value {
  const number = (value: number): Value => constantLike(b, x, value);
  const width = b.add(Abs, [x]);
  const height = b.add(Abs, [y]);
  const isEqual = b.add(Equal, [width, height]);
  // 0 / 0 and infinity / infinity are NaN, where the angle is that of (0, 1) and (1, 1).
  const diagonal = b.add(Select, [b.add(Equal, [width, number(0)]), number(0), number(Math.PI / 4)]);
  const acute = b.add(Select, [isEqual, diagonal, b.add(Atan, [b.add(Divide, [height, width])])]);
  const angle = b.add(Select, [hasSignBit(b, x), b.add(Subtract, [number(Math.PI), acute]), acute]);
  return b.add(Select, [hasSignBit(b, y), b.add(Negative, [angle]), angle]);
}

export const arithmetic: Translators = {
  Xdivy: zeroWhereZero((b, x, y) => b.add(Divide, [x, y])),
  Xlogy: zeroWhereZero((b, x, y) => b.add(Multiply, [x, b.add(Log, [y])])),
  Xlog1py: zeroWhereZero((b, x, y) => b.add(Multiply, [x, log1p(b, y)])),
  Atan2: (op, b) => atan2(b, op.input(0), op.input(1)),
  L2Loss: (op, b) => {
    const x = op.input(0);
    const axes = b.i64(...x.shape.map((_, axis) => axis));
    return b.add(Multiply, [b.add(ReduceSum, [b.add(Multiply, [x, x]), axes]), constantLike(b, x, 0.5)]);
  },
  Cumprod: cumulativeProduct,
};
