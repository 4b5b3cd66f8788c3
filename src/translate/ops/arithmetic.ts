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
import { Equal, Greater, GreaterEqual, Less } from '../../ov/ops/comparison.ts';
import { ReduceSum } from '../../ov/ops/reduction.ts';
import { Select } from '../../ov/ops/condition.ts';
import { Exp } from '../../ov/ops/activation.ts';
import { constantLike } from '../../ov/shorthand.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { Translators, Translator } from '../translator.ts';
import { widened } from '../values.ts';
import { map } from './activation.ts';
import { one, two } from './support/elementwise.ts';

/** An op of two, for the types whose arithmetic wraps in TensorFlow and saturates or rounds in OpenVINO. */
const wrapping =
  (f: (b: Builder, x: Value, y: Value) => Value): Translator =>
  (op, b) =>
    widened(b, [op.input(0), op.input(1)], (x, y) => f(b, x, y));

const add = wrapping((b, x, y) => b.add(Add, [x, y]));

/** Division of integers rounds towards zero in `Div` and `TruncateDiv`, towards minus infinity in `FloorDiv`. */
const truncatingDivide = wrapping((b, x, y) => b.add(Divide, [x, y], { m_pythondiv: false }));

const floorDivide = wrapping((b, x, y) => {
  if (isReal(x.type)) return b.add(Floor, [b.add(Divide, [x, y])]);
  // OpenVINO's CPU rounds towards zero whatever it is told; without its rest a number divides as it is.
  return b.add(Divide, [b.add(Subtract, [x, b.add(FloorMod, [x, y])]), y]);
});

/** `f(x, y)` where `x` is not zero, and zero elsewhere, whatever `y` is. */
const zeroWhereZero =
  (f: (b: Builder, x: Value, y: Value) => Value): Translator =>
  (op, b) => {
    const [x, y] = [op.input(0), op.input(1)];
    const zero = constantLike(b, x, 0);
    return b.add(Select, [b.add(Equal, [x, zero]), zero, f(b, x, y)]);
  };

const addAll: Translator = (op, b) =>
  widened(b, op.inputs, (...values) => values.reduce((sum, value) => b.add(Add, [sum, value])));

/** The angle of the point (x, y), in all four quadrants. */
function atan2(b: Builder, y: Value, x: Value): Value {
  const zero = constantLike(b, x, 0);
  const number = (value: number): Value => constantLike(b, x, value);
  const angle = b.add(Atan, [b.add(Divide, [y, x])]);
  const isUp = b.add(GreaterEqual, [y, zero]);
  const left = b.add(Add, [angle, b.add(Select, [isUp, number(Math.PI), number(-Math.PI)])]);
  const vertical = b.add(Multiply, [b.add(Sign, [y]), number(Math.PI / 2)]);
  const sides = b.add(Select, [b.add(Less, [x, zero]), left, vertical]);
  return b.add(Select, [b.add(Greater, [x, zero]), angle, sides]);
}

const log1p = (b: Builder, x: Value): Value => b.add(Log, [b.add(Add, [x, constantLike(b, x, 1)])]);

export const arithmetic: Translators = {
  Tanh: map(Tanh),
  Reciprocal: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), op.input(0)]),
  Inv: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), op.input(0)]),
  Add: add,
  AddV2: add,
  Sub: wrapping((b, x, y) => b.add(Subtract, [x, y])),
  Mul: wrapping((b, x, y) => b.add(Multiply, [x, y])),
  Maximum: two(Maximum),
  Minimum: two(Minimum),
  Pow: two(Power),
  SquaredDifference: two(SquaredDifference),
  Mod: two(Mod),
  TruncateMod: two(Mod),
  FloorMod: two(FloorMod),
  RealDiv: two(Divide),
  Div: truncatingDivide,
  TruncateDiv: truncatingDivide,
  FloorDiv: floorDivide,
  DivNoNan: (op, b) => {
    const [x, y] = [op.input(0), op.input(1)];
    const zero = constantLike(b, x, 0);
    return b.add(Select, [b.add(Equal, [y, zero]), zero, b.add(Divide, [x, y])]);
  },
  MulNoNan: (op, b) => {
    const [x, y] = [op.input(0), op.input(1)];
    const zero = constantLike(b, x, 0);
    return b.add(Select, [b.add(Equal, [y, zero]), zero, b.add(Multiply, [x, y])]);
  },
  Xdivy: zeroWhereZero((b, x, y) => b.add(Divide, [x, y])),
  Xlogy: zeroWhereZero((b, x, y) => b.add(Multiply, [x, b.add(Log, [y])])),
  Xlog1py: zeroWhereZero((b, x, y) => b.add(Multiply, [x, log1p(b, y)])),
  AddN: addAll,
  AccumulateNV2: addAll,
  Abs: one(Abs),
  Acos: one(Acos),
  Acosh: one(Acosh),
  Asin: one(Asin),
  Asinh: one(Asinh),
  Atan: one(Atan),
  Atanh: one(Atanh),
  Ceil: one(Ceiling),
  Cos: one(Cos),
  Cosh: one(Cosh),
  Erf: one(Erf),
  Floor: one(Floor),
  Log: one(Log),
  Neg: one(Negative),
  Rint: (op, b) => b.add(Round, [op.input(0)]),
  Round: (op, b) => (isReal(op.input(0).type) ? b.add(Round, [op.input(0)]) : op.input(0)),
  Sign: one(Sign),
  Sin: one(Sin),
  Sinh: one(Sinh),
  Sqrt: one(Sqrt),
  Tan: one(Tan),
  Erfc: (op, b) => b.add(Subtract, [constantLike(b, op.input(0), 1), b.add(Erf, [op.input(0)])]),
  Expm1: (op, b) => b.add(Subtract, [b.add(Exp, [op.input(0)]), constantLike(b, op.input(0), 1)]),
  Log1p: (op, b) => log1p(b, op.input(0)),
  Rsqrt: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), b.add(Sqrt, [op.input(0)])]),
  Square: (op, b) => widened(b, [op.input(0)], x => b.add(Multiply, [x, x])),
  Atan2: (op, b) => atan2(b, op.input(0), op.input(1)),
  /** Half the sum of the squares. */
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
};
