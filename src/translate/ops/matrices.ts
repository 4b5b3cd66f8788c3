import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import {
  Equal,
  FloorMod,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  Subtract,
} from '../../ov/ops/elementwise.ts';
import { Broadcast } from '../../ov/ops/expand.ts';
import { Gather, ScatterNDUpdate } from '../../ov/ops/gather.ts';
import { Inverse } from '../../ov/ops/matmul.ts';
import { ReduceSum } from '../../ov/ops/reduce.ts';
import { ShapeOf, Transpose } from '../../ov/ops/reshape.ts';
import { Select } from '../../ov/ops/select.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { constantLike, convert, knownDim, reshape, unsqueeze } from '../values.ts';
import { grouped, ones } from './segments.ts';

/** Ops of matrices and their diagonals, and ops that count and search. */

const count = (b: Builder, n: number): Value => b.i64(...Array.from({ length: n }, (_, i) => i));

/** Rows and columns of the matrices that a value holds. */
const sizesOf = (x: Value): readonly [number, number] =>
  [x.shape.at(-2), x.shape.at(-1)].map(dim => knownDim(dim, 'the size of a matrix')) as [number, number];

/** Which elements of a matrix are on its diagonal: boolean [rows, columns]. */
const onDiagonal = (b: Builder, rows: number, columns: number): Value =>
  b.add(Equal, [unsqueeze(b, count(b, columns), 0), unsqueeze(b, count(b, rows), 1)]);

/** @throws DecantError `unsupported` for other diagonals than the main one, which stand in an input of newer versions */
function mainDiagonal(op: TfOp, index: number): void {
  if (op.inputs.length > index && op.integers(index, 'diagonal').some(k => k !== 0))
    throw new DecantError('unsupported', `${op.type} of other diagonals than the main one`);
}

/** A row on the diagonal of a matrix. */
const matrixDiag: Translator = (op, b) => {
  const x = op.input(0);
  mainDiagonal(op, 1);
  const size = knownDim(x.shape.at(-1), 'the size of a diagonal');
  const isNewer = op.inputs.length > 1;
  if (isNewer && [2, 3].some(i => ![-1, size].includes(op.integer(i, 'size'))))
    throw new DecantError('unsupported', `${op.type} of a matrix that is not square`);
  const elsewhere = isNewer ? op.input(4) : constantLike(b, x, 0);
  return b.add(Select, [onDiagonal(b, size, size), unsqueeze(b, x, x.shape.length), elsewhere]);
};

const matrixDiagPart: Translator = (op, b) => {
  const x = op.input(0);
  mainDiagonal(op, 1);
  const [rows, columns] = sizesOf(x);
  const onIt = b.add(Select, [onDiagonal(b, rows, columns), x, constantLike(b, x, 0)]);
  // Each row, or each column where there are fewer, has one element on the diagonal.
  return b.add(ReduceSum, [onIt, b.i64(rows <= columns ? -1 : -2)]);
};

const matrixSetDiag: Translator = (op, b) => {
  const [x, diagonal] = [op.input(0), op.input(1)];
  mainDiagonal(op, 2);
  const [rows, columns] = sizesOf(x);
  const rank = x.shape.length;
  const spread = unsqueeze(b, diagonal, rows <= columns ? rank - 1 : rank - 2);
  return b.add(Select, [onDiagonal(b, rows, columns), spread, x]);
};

/** A matrix without what lies further from its diagonal than `lower` below and `upper` above; a negative one keeps all. */
const matrixBandPart: Translator = (op, b) => {
  const x = op.input(0);
  const [rows, columns] = sizesOf(x);
  const [lower, upper] = [op.integer(1, 'lower band'), op.integer(2, 'upper band')];
  const above = b.add(Subtract, [unsqueeze(b, count(b, columns), 0), unsqueeze(b, count(b, rows), 1)]);
  const far = Math.max(rows, columns);
  const inBand = b.add(LogicalAnd, [
    b.add(GreaterEqual, [above, b.scalar('i64', lower < 0 ? -far : -lower)]),
    b.add(LessEqual, [above, b.scalar('i64', upper < 0 ? far : upper)]),
  ]);
  return b.add(Select, [inBand, x, constantLike(b, x, 0)]);
};

const inverse: Translator = (op, b) => {
  const inverted = b.add(Inverse, [op.input(0)]);
  if (!op.bool('adjoint', false)) return inverted;
  const axes = op.input(0).shape.map((_, axis) => axis);
  return b.add(Transpose, [inverted, b.i64(...axes.slice(0, -2), axes.length - 1, axes.length - 2)]);
};

/** How often each number from 0 to below a size occurs, or the sums of their weights. Inputs: numbers, size, weights. */
const bincount: Translator = (op, b) => {
  const [numbers, size, weights] = [op.input(0), op.input(1), op.input(2)];
  if (op.type === 'DenseBincount' && numbers.shape.length !== 1)
    throw new DecantError('unsupported', 'DenseBincount of rows');
  const ids = reshape(b, convert(b, numbers, 'i64'), -1);
  const isBeyond = b.add(GreaterEqual, [ids, convert(b, size, 'i64')]);
  const kept = b.add(Select, [isBeyond, b.scalar('i64', -1), ids]);
  const values = weights.shape[0] === 0 ? ones(b, kept, weights.type) : reshape(b, weights, -1);
  const counts = grouped(b, values, kept, size, 'sum');
  const zero = constantLike(b, counts, 0);
  if (!op.bool('binary_output', false)) return counts;
  return b.add(Select, [b.add(Greater, [counts, zero]), constantLike(b, counts, 1), zero]);
};

/** Inputs: places [N, K], or [N] in a vector; the result's shape; values [N], or one for all; what stands elsewhere. */
const sparseToDense: Translator = (op, b) => {
  const [indices, shape, values, elsewhere] = [op.input(0), op.input(1), op.input(2), op.input(3)];
  const places = indices.shape.length === 2 ? indices : reshape(b, indices, -1, 1);
  const each = b.add(Gather, [b.add(ShapeOf, [places]), b.i64(0), b.scalar('i64', 0)]);
  const updates = b.add(Broadcast, [values, each]);
  return b.add(ScatterNDUpdate, [b.add(Broadcast, [elsewhere, shape]), places, updates]);
};

/** How many elements of a sorted row stand before each value. Inputs: sorted [B, M], values [B, N]. */
const bound =
  (before: typeof Less): Translator =>
  (op, b) => {
    const isBefore = b.add(before, [unsqueeze(b, op.input(0), 1), unsqueeze(b, op.input(1), 2)]);
    const type = op.elementType('out_type', 'DT_INT32');
    return b.add(ReduceSum, [b.add(Select, [isBefore, b.scalar(type, 1), b.scalar(type, 0)]), b.i64(2)]);
  };

const formatsOf = (op: TfOp): readonly [string, string] => [
  op.string('src_format', 'NHWC'),
  op.string('dst_format', 'NCHW'),
];

export const matrices: Translators = {
  MatrixDiag: matrixDiag,
  MatrixDiagV2: matrixDiag,
  MatrixDiagV3: matrixDiag,
  MatrixDiagPart: matrixDiagPart,
  MatrixDiagPartV2: matrixDiagPart,
  MatrixDiagPartV3: matrixDiagPart,
  MatrixSetDiag: matrixSetDiag,
  MatrixSetDiagV2: matrixSetDiag,
  MatrixSetDiagV3: matrixSetDiag,
  MatrixBandPart: matrixBandPart,
  MatrixInverse: inverse,
  BatchMatrixInverse: inverse,
  Bincount: bincount,
  DenseBincount: bincount,
  SparseToDense: sparseToDense,
  LowerBound: bound(Less),
  UpperBound: bound(LessEqual),
  /** What stands for axes of one format in the order of another; without batch and channels there is nothing to do. */
  DataFormatVecPermute: (op, b) => {
    const [from, to] = formatsOf(op);
    const x = op.input(0);
    if (x.shape[0] !== from.length) return x;
    return b.add(Gather, [x, b.i64(...Array.from(to, axis => from.indexOf(axis))), b.scalar('i64', 0)]);
  },
  /** Numbers of axes in one format as those in another. */
  DataFormatDimMap: (op, b) => {
    const [from, to] = formatsOf(op);
    const table = Array.from(from, axis => to.indexOf(axis));
    const x = op.input(0);
    const axes = convert(b, b.add(FloorMod, [x, constantLike(b, x, table.length)]), 'i64');
    return convert(b, b.add(Gather, [b.i64(...table), axes, b.scalar('i64', 0)]), x.type);
  },
};
