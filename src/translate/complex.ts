import { DecantError } from '../errors.ts';
import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { Exp } from '../ov/ops/activation.ts';
import { Cos, Divide, Log, Multiply, Sin } from '../ov/ops/arithmetic.ts';
import { Equal } from '../ov/ops/comparison.ts';
import { Select } from '../ov/ops/condition.ts';
import { LogicalAnd, LogicalNot } from '../ov/ops/logical.ts';
import { ReduceProd, ReduceSum } from '../ov/ops/reduction.ts';
import { constantLike, convert } from '../ov/shorthand.ts';
import { partTypeOf } from '../tf/data-type.ts';
import { asValue, type ComplexValue, isComplex, isList, type Operand } from './operand.ts';
import { absolute, conjugate, divided, multiplied, squaredNorm, toComplex } from './ops/support/complex-numbers.ts';
import { atan2 } from './ops/rare/arithmetic.ts';
import type { TfOp } from './tf-op.ts';
import type { Translators, Translator } from './translator.ts';
import { TRANSLATORS } from './translators.ts';

/** Ops that only move or add elements: they apply to the real and to the imaginary part. */
const BY_PART = [
  ...['Add', 'AddN', 'AddV2', 'AccumulateNV2', 'Cumsum', 'Mean', 'Neg', 'Sub', 'Sum', 'ZerosLike'],
  ...['BroadcastTo', 'Concat', 'ConcatV2', 'DepthToSpace', 'DynamicPartition', 'DynamicStitch'],
  ...['ExpandDims', 'Fill', 'Gather', 'GatherNd', 'GatherV2', 'MatrixBandPart', 'MatrixDiag', 'MatrixDiagPart'],
  ...['MatrixDiagPartV2', 'MatrixDiagPartV3', 'MatrixDiagV2', 'MatrixDiagV3', 'MatrixSetDiag', 'MatrixSetDiagV2'],
  ...['MatrixSetDiagV3', 'MirrorPad', 'Pack', 'Pad', 'PadV2', 'ParallelConcat', 'ParallelDynamicStitch', 'Reshape'],
  ...[
    'Reverse',
    'ReverseSequence',
    'ReverseV2',
    'Roll',
    'ScatterNd',
    'SegmentMean',
    'SegmentSum',
    'Select',
    'SelectV2',
  ],
  ...['Slice', 'SpaceToDepth', 'Split', 'SplitV', 'Squeeze', 'StridedSlice', 'TensorScatterAdd'],
  ...['TensorScatterSub', 'TensorScatterUpdate', 'Tile', 'Transpose', 'Unpack', 'UnsortedSegmentSum'],
];

/** Ops of which only the shape of the input matters. */
const BY_SHAPE = ['Rank', 'Shape', 'ShapeN', 'Size'];

const resultsOf = (op: TfOp, b: Builder, part: (x: ComplexValue) => Value): readonly Operand[] => {
  const operands = op.operands.map(operand => (isComplex(operand) ? part(operand) : operand));
  const result = TRANSLATORS[op.type]!(op.withOperands(operands), b);
  return Array.isArray(result) ? (result as readonly Operand[]) : [result as Operand];
};

const byPart: Translator = (op, b) => {
  const real = resultsOf(op, b, x => x.real);
  const imaginary = resultsOf(op, b, x => x.imaginary);
  return real.map((result, i) => {
    const other = imaginary[i]!;
    if (isList(result)) return result;
    return { real: asValue(result, op.type), imaginary: asValue(other, op.type) };
  });
};

const byShape: Translator = (op, b) => resultsOf(op, b, x => x.real);

const of =
  (f: (b: Builder, x: ComplexValue) => Operand): Translator =>
  (op, b) =>
    f(b, op.complex(0));

const ofTwo =
  (f: (b: Builder, x: ComplexValue, y: ComplexValue) => Operand): Translator =>
  (op, b) =>
    f(b, op.complex(0), op.complex(1));

/** The complex number with this distance from 0 and angle. */
const polar = (b: Builder, radius: Value, angle: Value): ComplexValue => ({
  real: b.add(Multiply, [radius, b.add(Cos, [angle])]),
  imaginary: b.add(Multiply, [radius, b.add(Sin, [angle])]),
});

const equal = (b: Builder, x: ComplexValue, y: ComplexValue): Value =>
  b.add(LogicalAnd, [b.add(Equal, [x.real, y.real]), b.add(Equal, [x.imaginary, y.imaginary])]);

const isZero = (b: Builder, x: ComplexValue): Value => {
  const zero = toComplex(b, constantLike(b, x.real, 0));
  return equal(b, x, zero);
};

const zeroWhere = (b: Builder, condition: Value, { real, imaginary }: ComplexValue): ComplexValue => {
  const zero = constantLike(b, real, 0);
  return { real: b.add(Select, [condition, zero, real]), imaginary: b.add(Select, [condition, zero, imaginary]) };
};

const reciprocal = of((b, x) => {
  const norm = squaredNorm(b, x);
  const { real, imaginary } = conjugate(b, x);
  return { real: b.add(Divide, [real, norm]), imaginary: b.add(Divide, [imaginary, norm]) };
});

/** Multiplies the distances from 0 and adds the angles. */
const product: Translator = (op, b) => {
  const x = op.complex(0);
  const axes = convert(b, op.input(1), 'i64');
  if (axes.partialValue?.length === 0) return x;
  const keep_dims = op.bool('keep_dims', false);
  const radius = b.add(ReduceProd, [absolute(b, x), axes], { keep_dims });
  return polar(b, radius, b.add(ReduceSum, [atan2(b, x.imaginary, x.real), axes], { keep_dims }));
};

/** A product of matrices; `adj_x` and `adj_y` conjugate the factors as well. */
const matrixProduct: Translator = (op, b) => {
  const factor = (index: 0 | 1, adjoint: string): ComplexValue =>
    op.bool(adjoint, false) ? conjugate(b, op.complex(index)) : op.complex(index);
  return multiplied(b, factor(0, 'adj_x'), factor(1, 'adj_y'), realProduct(op, b));
};

/** The translation of a node with two other, real inputs. */
const realProduct =
  (op: TfOp, b: Builder) =>
  (x: Value, y: Value): Value => {
    // The result of BatchMatMulV3 has a type of its own, which is complex, too.
    const translate = TRANSLATORS[op.type === 'BatchMatMulV3' ? 'BatchMatMulV2' : op.type]!;
    return asValue(translate(op.withOperands([x, y]), b) as Operand, op.type);
  };

const einsum: Translator = (op, b) => {
  if (op.operands.length === 1) return byPart(op, b);
  if (op.operands.length === 2) return multiplied(b, op.complex(0), op.complex(1), realProduct(op, b));
  throw new DecantError('unsupported', 'Einsum of more than two complex inputs is not supported', {
    remedy: 'Multiply two at a time.',
  });
};

/** Translators of nodes with a complex input. An op that is missing here does not accept any. */
export const COMPLEX: Translators = {
  ...Object.fromEntries(BY_PART.map(name => [name, byPart])),
  ...Object.fromEntries(BY_SHAPE.map(name => [name, byShape])),
  OnesLike: (op, b) => {
    const [ones] = resultsOf(op, b, x => x.real);
    return toComplex(b, asValue(ones!, op.type));
  },
  Cast: (op, b) => {
    const { real, imaginary } = op.complex(0);
    const part = partTypeOf(op.dtype('DstT'));
    if (part === undefined) return resultsOf(op, b, x => x.real);
    return { real: convert(b, real, part), imaginary: convert(b, imaginary, part) };
  },
  Mul: ofTwo(multiplied),
  MulNoNan: ofTwo((b, x, y) => zeroWhere(b, isZero(b, y), multiplied(b, x, y))),
  RealDiv: ofTwo(divided),
  Div: ofTwo(divided),
  DivNoNan: ofTwo((b, x, y) => zeroWhere(b, isZero(b, y), divided(b, x, y))),
  Reciprocal: reciprocal,
  Inv: reciprocal,
  Square: of((b, x) => multiplied(b, x, x)),
  Exp: of((b, { real, imaginary }) => polar(b, b.add(Exp, [real]), imaginary)),
  Log: of((b, x) => ({ real: b.add(Log, [absolute(b, x)]), imaginary: atan2(b, x.imaginary, x.real) })),
  Prod: product,
  Equal: ofTwo(equal),
  NotEqual: ofTwo((b, x, y) => b.add(LogicalNot, [equal(b, x, y)])),
  ConjugateTranspose: (op, b) => byPart(op.withOperands([conjugate(b, op.complex(0)), op.operand(1)]), b),
  MatMul: matrixProduct,
  BatchMatMul: matrixProduct,
  BatchMatMulV2: matrixProduct,
  BatchMatMulV3: matrixProduct,
  Einsum: einsum,
};
