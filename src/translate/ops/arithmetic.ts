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
import { Select } from '../../ov/ops/condition.ts';
import { Exp } from '../../ov/ops/activation.ts';
import { constantLike } from '../../ov/shorthand.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { Translators, Translator } from '../translator.ts';
import { widened } from './support/widened.ts';
import { binary, unary } from './support/elementwise.ts';

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

const addAll: Translator = (op, b) =>
  widened(b, [op.input(0), ...op.inputs.slice(1)], (...values) =>
    values.reduce((sum, value) => b.add(Add, [sum, value])),
  );

export const log1p = (b: Builder, x: Value): Value => b.add(Log, [b.add(Add, [x, constantLike(b, x, 1)])]);

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
  Cumsum: (op, b) =>
    b.add(CumSum, [op.input(0), op.input(1)], {
      exclusive: op.bool('exclusive', false),
      reverse: op.bool('reverse', false),
    }),
};
