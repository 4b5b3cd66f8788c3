import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import {
  Abs,
  Acos,
  Acosh,
  Add,
  Asin,
  Asinh,
  Atan,
  Atanh,
  Ceiling,
  Cos,
  Cosh,
  CumSum,
  Divide,
  Erf,
  Floor,
  FloorMod,
  Log,
  Maximum,
  Minimum,
  Mod,
  Multiply,
  Negative,
  Power,
  Round,
  Sign,
  Sin,
  Sinh,
  Sqrt,
  SquaredDifference,
  Subtract,
  Tan,
  Tanh,
} from '../../ov/ops/arithmetic.ts';
import { Equal, Less } from '../../ov/ops/comparison.ts';
import { ReduceSum } from '../../ov/ops/reduction.ts';
import { Select } from '../../ov/ops/condition.ts';
import { Exp } from '../../ov/ops/activation.ts';
import { constantLike } from '../../ov/shorthand.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { Translators, Translator } from '../translator.ts';
import { cumulativeProduct } from './support/cumulative-product.ts';
import { widened } from './support/widened.ts';
import { binary, unary } from './support/elementwise.ts';
import { hasSignBit } from './support/sign-bit.ts';

const wrapping =
  (f: (b: Builder, x: Value, y: Value) => Value): Translator =>
  (op, b) =>
    widened(b, [op.input(0), op.input(1)], (x, y) => f(b, x, y));

const add = wrapping((b, x, y) => b.add(Add, [x, y]));

const divide = wrapping((b, x, y) => b.add(Divide, [x, y], { m_pythondiv: false }));

const truncateDivide = wrapping((b, x, y) => {
  const quotient = b.add(Divide, [x, y], { m_pythondiv: false });
  if (!isReal(x.type)) return quotient;
  const isNegative = b.add(Less, [quotient, constantLike(b, quotient, 0)]);
  return b.add(Select, [isNegative, b.add(Ceiling, [quotient]), b.add(Floor, [quotient])]);
});

const floorDivide = wrapping((b, x, y) => {
  if (isReal(x.type)) return b.add(Floor, [b.add(Divide, [x, y])]);
  // OpenVINO's CPU plugin ignores m_pythondiv and rounds towards zero, so subtract the remainder first.
  return b.add(Divide, [b.add(Subtract, [x, b.add(FloorMod, [x, y])]), y]);
});

const zeroWhereZero =
  (f: (b: Builder, x: Value, y: Value) => Value): Translator =>
  (op, b) => {
    const x = op.input(0);
    const y = op.input(1);
    const zero = constantLike(b, x, 0);
    return b.add(Select, [b.add(Equal, [x, zero]), zero, f(b, x, y)]);
  };

const addAll: Translator = (op, b) =>
  widened(b, [op.input(0), ...op.inputs.slice(1)], (...values) =>
    values.reduce((sum, value) => b.add(Add, [sum, value])),
  );

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

const log1p = (b: Builder, x: Value): Value => b.add(Log, [b.add(Add, [x, constantLike(b, x, 1)])]);

export const arithmetic: Translators = {
  Tanh: unary(Tanh),
  Reciprocal: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), op.input(0)]),
  Inv: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), op.input(0)]),
  Add: add,
  AddV2: add,
  Sub: wrapping((b, x, y) => b.add(Subtract, [x, y])),
  Mul: wrapping((b, x, y) => b.add(Multiply, [x, y])),
  Maximum: binary(Maximum),
  Minimum: binary(Minimum),
  Pow: binary(Power),
  SquaredDifference: binary(SquaredDifference),
  Mod: binary(Mod),
  TruncateMod: binary(Mod),
  FloorMod: binary(FloorMod),
  RealDiv: binary(Divide),
  Div: divide,
  TruncateDiv: truncateDivide,
  FloorDiv: floorDivide,
  DivNoNan: (op, b) => {
    const x = op.input(0);
    const y = op.input(1);
    const zero = constantLike(b, x, 0);
    return b.add(Select, [b.add(Equal, [y, zero]), zero, b.add(Divide, [x, y])]);
  },
  MulNoNan: (op, b) => {
    const x = op.input(0);
    const y = op.input(1);
    const zero = constantLike(b, x, 0);
    return b.add(Select, [b.add(Equal, [y, zero]), zero, b.add(Multiply, [x, y])]);
  },
  Xdivy: zeroWhereZero((b, x, y) => b.add(Divide, [x, y])),
  Xlogy: zeroWhereZero((b, x, y) => b.add(Multiply, [x, b.add(Log, [y])])),
  Xlog1py: zeroWhereZero((b, x, y) => b.add(Multiply, [x, log1p(b, y)])),
  AddN: addAll,
  AccumulateNV2: addAll,
  Abs: unary(Abs),
  Acos: unary(Acos),
  Acosh: unary(Acosh),
  Asin: unary(Asin),
  Asinh: unary(Asinh),
  Atan: unary(Atan),
  Atanh: unary(Atanh),
  Ceil: unary(Ceiling),
  Cos: unary(Cos),
  Cosh: unary(Cosh),
  Erf: unary(Erf),
  Floor: unary(Floor),
  Log: unary(Log),
  Neg: unary(Negative),
  Rint: unary(Round),
  Round: (op, b) => (isReal(op.input(0).type) ? b.add(Round, [op.input(0)]) : op.input(0)),
  Sign: unary(Sign),
  Sin: unary(Sin),
  Sinh: unary(Sinh),
  Sqrt: unary(Sqrt),
  Tan: unary(Tan),
  Erfc: (op, b) => b.add(Subtract, [constantLike(b, op.input(0), 1), b.add(Erf, [op.input(0)])]),
  Expm1: (op, b) => b.add(Subtract, [b.add(Exp, [op.input(0)]), constantLike(b, op.input(0), 1)]),
  Log1p: (op, b) => log1p(b, op.input(0)),
  Rsqrt: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), b.add(Sqrt, [op.input(0)])]),
  Square: (op, b) => widened(b, [op.input(0)], x => b.add(Multiply, [x, x])),
  Atan2: (op, b) => atan2(b, op.input(0), op.input(1)),
  L2Loss: (op, b) => {
    const x = op.input(0);
    const axes = b.i64(...x.shape.map((_, axis) => axis));
    return b.add(Multiply, [b.add(ReduceSum, [b.add(Multiply, [x, x]), axes]), constantLike(b, x, 0.5)]);
  },
  Cumsum: (op, b) =>
    b.add(CumSum, [op.input(0), op.input(1)], {
      exclusive: op.bool('exclusive', false),
      reverse: op.bool('reverse', false),
    }),
  Cumprod: cumulativeProduct,
};
