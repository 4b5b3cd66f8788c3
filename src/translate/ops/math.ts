import type { Builder } from '../../ov/builder.ts';
import type { Op, Value } from '../../ov/graph.ts';
import * as bits from '../../ov/ops/bitwise.ts';
import * as binary from '../../ov/ops/elementwise.ts';
import { ReduceProd, ReduceSum } from '../../ov/ops/reduce.ts';
import { ShapeOf } from '../../ov/ops/reshape.ts';
import * as unary from '../../ov/ops/unary.ts';
import { Select } from '../../ov/ops/select.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { Translator, Translators } from '../translator.ts';
import { constantLike, convert, widened } from '../values.ts';

const one =
  (op: Op): Translator =>
  (node, b) =>
    b.add(op, [node.input(0)], {});

const two =
  (op: Op): Translator =>
  (node, b) =>
    b.add(op, [node.input(0), node.input(1)], {});

/** An op of two, for the types whose arithmetic wraps in TensorFlow and saturates or rounds in OpenVINO. */
const wrapping =
  (f: (b: Builder, x: Value, y: Value) => Value): Translator =>
  (op, b) =>
    widened(b, [op.input(0), op.input(1)], (x, y) => f(b, x, y));

const { Add, Divide, Equal, Multiply, Subtract } = binary;

const add = wrapping((b, x, y) => b.add(Add, [x, y]));

/** Division of integers rounds towards zero in `Div` and `TruncateDiv`, towards minus infinity in `FloorDiv`. */
const truncatingDivide = wrapping((b, x, y) => b.add(Divide, [x, y], { m_pythondiv: false }));

const floorDivide = wrapping((b, x, y) => {
  if (isReal(x.type)) return b.add(unary.Floor, [b.add(Divide, [x, y])]);
  // OpenVINO's CPU rounds towards zero whatever it is told; without its rest a number divides as it is.
  return b.add(Divide, [b.add(Subtract, [x, b.add(binary.FloorMod, [x, y])]), y]);
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
  const angle = b.add(unary.Atan, [b.add(Divide, [y, x])]);
  const isUp = b.add(binary.GreaterEqual, [y, zero]);
  const left = b.add(Add, [angle, b.add(Select, [isUp, number(Math.PI), number(-Math.PI)])]);
  const vertical = b.add(Multiply, [b.add(unary.Sign, [y]), number(Math.PI / 2)]);
  const sides = b.add(Select, [b.add(binary.Less, [x, zero]), left, vertical]);
  return b.add(Select, [b.add(binary.Greater, [x, zero]), angle, sides]);
}

const log1p = (b: Builder, x: Value): Value => b.add(unary.Log, [b.add(Add, [x, constantLike(b, x, 1)])]);

export const math: Translators = {
  Add: add,
  AddV2: add,
  Sub: wrapping((b, x, y) => b.add(Subtract, [x, y])),
  Mul: wrapping((b, x, y) => b.add(Multiply, [x, y])),
  Maximum: two(binary.Maximum),
  Minimum: two(binary.Minimum),
  Pow: two(binary.Power),
  SquaredDifference: two(binary.SquaredDifference),
  Mod: two(binary.Mod),
  TruncateMod: two(binary.Mod),
  FloorMod: two(binary.FloorMod),
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
  Xlogy: zeroWhereZero((b, x, y) => b.add(Multiply, [x, b.add(unary.Log, [y])])),
  Xlog1py: zeroWhereZero((b, x, y) => b.add(Multiply, [x, log1p(b, y)])),
  AddN: addAll,
  AccumulateNV2: addAll,

  Equal: two(Equal),
  NotEqual: two(binary.NotEqual),
  Less: two(binary.Less),
  LessEqual: two(binary.LessEqual),
  // The other way around, because OpenVINO finds NaN greater than everything.
  Greater: (op, b) => b.add(binary.Less, [op.input(1), op.input(0)]),
  GreaterEqual: (op, b) => b.add(binary.LessEqual, [op.input(1), op.input(0)]),
  LogicalAnd: two(binary.LogicalAnd),
  LogicalOr: two(binary.LogicalOr),
  LogicalXor: two(binary.LogicalXor),
  LogicalNot: one(unary.LogicalNot),
  ApproximateEqual: (op, b) => {
    const [x, y] = [op.input(0), op.input(1)];
    const distance = b.add(unary.Abs, [b.add(Subtract, [x, y])]);
    return b.add(binary.Less, [distance, b.scalar(x.type, op.float('tolerance', 1e-5))]);
  },

  Abs: one(unary.Abs),
  Acos: one(unary.Acos),
  Acosh: one(unary.Acosh),
  Asin: one(unary.Asin),
  Asinh: one(unary.Asinh),
  Atan: one(unary.Atan),
  Atanh: one(unary.Atanh),
  Ceil: one(unary.Ceiling),
  Cos: one(unary.Cos),
  Cosh: one(unary.Cosh),
  Erf: one(unary.Erf),
  Exp: one(unary.Exp),
  Floor: one(unary.Floor),
  IsFinite: one(unary.IsFinite),
  IsInf: (op, b) => b.add(unary.IsInf, [op.input(0)]),
  IsNan: one(unary.IsNan),
  Log: one(unary.Log),
  Neg: one(unary.Negative),
  Rint: (op, b) => b.add(unary.Round, [op.input(0)]),
  Round: (op, b) => (isReal(op.input(0).type) ? b.add(unary.Round, [op.input(0)]) : op.input(0)),
  Sign: one(unary.Sign),
  Sin: one(unary.Sin),
  Sinh: one(unary.Sinh),
  Sqrt: one(unary.Sqrt),
  Tan: one(unary.Tan),
  Erfc: (op, b) => b.add(Subtract, [constantLike(b, op.input(0), 1), b.add(unary.Erf, [op.input(0)])]),
  Expm1: (op, b) => b.add(Subtract, [b.add(unary.Exp, [op.input(0)]), constantLike(b, op.input(0), 1)]),
  Log1p: (op, b) => log1p(b, op.input(0)),
  Rsqrt: (op, b) => b.add(Divide, [constantLike(b, op.input(0), 1), b.add(unary.Sqrt, [op.input(0)])]),
  Square: (op, b) => widened(b, [op.input(0)], x => b.add(Multiply, [x, x])),

  Atan2: (op, b) => atan2(b, op.input(0), op.input(1)),
  BitwiseAnd: two(bits.BitwiseAnd),
  BitwiseOr: two(bits.BitwiseOr),
  BitwiseXor: two(bits.BitwiseXor),
  Invert: one(bits.BitwiseNot),
  LeftShift: two(bits.BitwiseLeftShift),
  RightShift: two(bits.BitwiseRightShift),
  /** Half the sum of the squares. */
  L2Loss: (op, b) => {
    const x = op.input(0);
    const axes = b.i64(...x.shape.map((_, axis) => axis));
    return b.add(Multiply, [b.add(ReduceSum, [b.add(Multiply, [x, x]), axes]), constantLike(b, x, 0.5)]);
  },
  ToBool: (op, b) => {
    const x = op.input(0);
    if (x.shape.length === 0) return x.type === 'boolean' ? x : b.add(binary.NotEqual, [x, constantLike(b, x, 0)]);
    const size = b.add(ReduceProd, [b.add(ShapeOf, [x]), b.i64(0)]);
    return b.add(binary.NotEqual, [size, b.scalar('i64', 0)]);
  },

  Cast: (op, b) => {
    const [x, type] = [op.input(0), op.elementType('DstT')];
    // A number is true unless it is zero; a plain conversion might cut a fraction first.
    return type === 'boolean' && x.type !== 'boolean'
      ? b.add(binary.NotEqual, [x, constantLike(b, x, 0)])
      : convert(b, x, type);
  },
};
