import type { Builder } from '../../ov/builder.ts';
import type { Op, Value } from '../../ov/graph.ts';
import * as binary from '../../ov/ops/elementwise.ts';
import * as unary from '../../ov/ops/unary.ts';
import { Select } from '../../ov/ops/select.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { constantLike, convert } from '../values.ts';

const one =
  (op: Op): Translator =>
  (node, b) =>
    b.add(op, [node.input(0)], {});

const two =
  (op: Op): Translator =>
  (node, b) =>
    b.add(op, [node.input(0), node.input(1)], {});

const { Add, Divide, Equal, Multiply, Subtract } = binary;

/** Division of integers rounds towards zero in `Div` and `TruncateDiv`, towards minus infinity in `FloorDiv`. */
const truncatingDivide = (op: TfOp, b: Builder): Value =>
  b.add(Divide, [op.input(0), op.input(1)], { m_pythondiv: false });

const floorDivide = (op: TfOp, b: Builder): Value => {
  const quotient = b.add(Divide, [op.input(0), op.input(1)]);
  return isReal(quotient.type) ? b.add(unary.Floor, [quotient]) : quotient;
};

/** `f(x, y)` where `x` is not zero, and zero elsewhere, whatever `y` is. */
const zeroWhereZero =
  (f: (b: Builder, x: Value, y: Value) => Value): Translator =>
  (op, b) => {
    const [x, y] = [op.input(0), op.input(1)];
    const zero = constantLike(b, x, 0);
    return b.add(Select, [b.add(Equal, [x, zero]), zero, f(b, x, y)]);
  };

const log1p = (b: Builder, x: Value): Value => b.add(unary.Log, [b.add(Add, [x, constantLike(b, x, 1)])]);

export const math: Translators = {
  Add: two(Add),
  AddV2: two(Add),
  Sub: two(Subtract),
  Mul: two(Multiply),
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
  AddN: (op, b) => op.inputs.slice(1).reduce((sum, value) => b.add(Add, [sum, value]), op.input(0)),

  Equal: two(Equal),
  NotEqual: two(binary.NotEqual),
  Less: two(binary.Less),
  LessEqual: two(binary.LessEqual),
  Greater: two(binary.Greater),
  GreaterEqual: two(binary.GreaterEqual),
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
  Square: (op, b) => b.add(Multiply, [op.input(0), op.input(0)]),

  Cast: (op, b) => {
    const [x, type] = [op.input(0), op.elementType('DstT')];
    // A number is true unless it is zero; a plain conversion might cut a fraction first.
    return type === 'boolean' && x.type !== 'boolean'
      ? b.add(binary.NotEqual, [x, constantLike(b, x, 0)])
      : convert(b, x, type);
  },
};
