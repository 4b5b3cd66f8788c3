import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Equal, GreaterEqual, LessEqual } from '../../ov/ops/comparison.ts';
import { LogicalAnd } from '../../ov/ops/logical.ts';
import { Add, Subtract } from '../../ov/ops/arithmetic.ts';
import { Slice } from '../../ov/ops/slice.ts';
import { type ElementType, isReal } from '../../tensor/element-type.ts';
import { Einsum, Inverse, MatMul } from '../../ov/ops/matrix.ts';
import { checkRankOf } from '../../ov/ops/support/infer.ts';
import { ReduceSum } from '../../ov/ops/reduction.ts';
import { Pad, Transpose } from '../../ov/ops/movement.ts';
import { Select } from '../../ov/ops/condition.ts';
import { constantLike, convert, sizeAlong, unsqueeze } from '../../ov/shorthand.ts';
import { dimSub } from '../../tensor/dim.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';
import { countTo } from './generation.ts';
import { applyFusedOps } from './support/fused-ops.ts';

const SPARE = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** The equation of `Einsum` with letters for ellipses, which OpenVINO only supports for axes of equal size. */
function equationOf(op: TfOp): string {
  const equation = op.string('equation').replaceAll(' ', '');
  if (!equation.includes('...')) return equation;
  const [left, right] = equation.split('->');
  const hidden = left!.split(',').map((term, i) => op.input(i).shape.length - term.replace('...', '').length);
  const spare = SPARE.filter(letter => !equation.includes(letter)).slice(0, Math.max(...hidden));
  const spelled = (term: string, count: number): string =>
    term.replace('...', spare.slice(spare.length - count).join(''));
  const terms = left!.split(',').map((term, i) => (term.includes('...') ? spelled(term, hidden[i]!) : term));
  return `${terms.join(',')}->${spelled(right ?? '', spare.length)}`;
}

const matMul = (op: TfOp, b: Builder): Value =>
  product(b, [op.input(0), op.input(1)], op.bool('transpose_a', false), op.bool('transpose_b', false));

const batchMatMul = (op: TfOp, b: Builder): Value =>
  product(b, [op.input(0), op.input(1)], op.bool('adj_x', false), op.bool('adj_y', false));

/** A matrix product. OpenVINO's CPU plugin does not compile, or divides by zero in, one that sums no terms: it is 0. */
function product(b: Builder, factors: readonly Value[], transpose_a: boolean, transpose_b: boolean): Value {
  const axes = [transpose_a ? -2 : -1, transpose_b ? -1 : -2] as const;
  const hasTerms = factors.every((factor, i) => factor.shape.at(axes[i]!) !== 0);
  const terms = hasTerms ? factors : factors.map((factor, i) => withZero(b, factor, axes[i]!));
  return b.add(MatMul, terms, { transpose_a, transpose_b });
}

/** Adds a 0 at the end of an axis. */
function withZero(b: Builder, x: Value, axis: number): Value {
  const none = x.shape.map(() => 0);
  return b.add(Pad, [x, b.i64(...none), b.i64(...none.with(axis, 1)), constantLike(b, x, 0)], { pad_mode: 'constant' });
}

/** Products of 8-bit numbers of which the sum, at most 2^24, is exact in f32, in which OpenVINO's CPU plugin computes i32. */
const EXACT_TERMS: Readonly<Partial<Record<ElementType, number>>> = { i8: 1024, u8: 256 };

/**
 * A product whose result may have another type, such as i32 for factors of i8.
 *
 * @throws DecantError `unsupported` if the number of terms that must be summed exactly is unknown
 */
function mixedBatchMatMul(op: TfOp, b: Builder): Value {
  const type = op.elementType('Tout');
  const transpose_a = op.bool('adj_x', false);
  const transpose_b = op.bool('adj_y', false);
  const factors = [op.input(0), op.input(1)].map(x => convert(b, x, type)) as [Value, Value];
  const axes = [transpose_a ? -2 : -1, transpose_b ? -1 : -2] as const;
  const terms = Math.min(...[op.input(0), op.input(1)].map(x => EXACT_TERMS[x.type] ?? Infinity));
  if (isReal(type) || terms === Infinity) return product(b, factors, transpose_a, transpose_b);
  const depth = factors.map((x, i) => x.shape.at(axes[i]!)).find(size => typeof size === 'number');
  if (depth === undefined) {
    throw new DecantError('unsupported', `${op.type} of ${op.input(0).type} must know how many products it sums`, {
      remedy: 'Fix the input size with --input-shape.',
    });
  }
  if (depth <= terms) return product(b, factors, transpose_a, transpose_b);
  const starts = Array.from({ length: Math.ceil(depth / terms) }, (_, i) => i * terms);
  return starts
    .map(start => factors.map((x, i) => sliceAlong(b, x, axes[i]!, start, Math.min(start + terms, depth))))
    .map(parts => product(b, parts, transpose_a, transpose_b))
    .reduce((sum, part) => b.add(Add, [sum, part]));
}

const sliceAlong = (b: Builder, x: Value, axis: number, start: number, end: number): Value =>
  b.add(Slice, [x, b.i64(start), b.i64(end), b.i64(1), b.i64(axis)]);

/** The positions along an axis: i64 [size]. */
function positionsAlong(b: Builder, x: Value, axis: -1 | -2): Value {
  return countTo(b, sizeAlong(b, x, x.shape.length + axis));
}

/** The column of each element of a matrix minus its row: i64 [rows, columns]. */
const columnsMinusRows = (b: Builder, columns: Value, rows: Value): Value =>
  b.add(Subtract, [unsqueeze(b, columns, 0), unsqueeze(b, rows, 1)]);

const onDiagonal = (b: Builder, columns: Value, rows: Value): Value =>
  b.add(Equal, [unsqueeze(b, columns, 0), unsqueeze(b, rows, 1)]);

const onDiagonalOf = (b: Builder, x: Value): Value => onDiagonal(b, positionsAlong(b, x, -1), positionsAlong(b, x, -2));

/** Whether matrices have as many columns as rows, or more. @throws DecantError `unsupported` if that is unknown */
function isWide(op: TfOp, { shape }: Value): boolean {
  const excess = dimSub(shape.at(-1)!, shape.at(-2)!);
  if (typeof excess === 'number') return excess >= 0;
  throw new DecantError('unsupported', `${op.type} must know whether its matrices have more rows or more columns`, {
    remedy: 'Fix the input size with --input-shape.',
  });
}

function checkMainDiagonal(op: TfOp, index: number): void {
  if (op.inputs.length > index && op.integers(index, 'diagonal').some(k => k !== 0)) {
    throw new DecantError('unsupported', `${op.type} is supported only for the main diagonal (k = 0)`, {
      remedy: 'Shift the diagonal with tf.pad in the model.',
    });
  }
}

const matrixDiag: Translator = (op, b) => {
  const x = op.input(0);
  checkMainDiagonal(op, 1);
  const isNewer = op.inputs.length > 1;
  if (isNewer && [2, 3].some(i => ![-1, x.shape.at(-1)].includes(op.integer(i, 'size')))) {
    throw new DecantError('unsupported', `${op.type} is supported only for square matrices`, {
      remedy: 'Pad the square matrix with tf.pad in the model.',
    });
  }
  const padding = isNewer ? op.input(4) : constantLike(b, x, 0);
  const positions = positionsAlong(b, x, -1);
  return b.add(Select, [onDiagonal(b, positions, positions), unsqueeze(b, x, x.shape.length), padding]);
};

/** @throws DecantError `malformed` if the input has less than two dimensions */
function matricesAt(op: TfOp, index: number): Value {
  checkRankOf(`input ${index} of ${op.type}`, op.input(index), 2, Infinity);
  return op.input(index);
}

const matrixDiagPart: Translator = (op, b) => {
  const x = matricesAt(op, 0);
  checkMainDiagonal(op, 1);
  const masked = b.add(Select, [onDiagonalOf(b, x), x, constantLike(b, x, 0)]);
  // Each row, or each column if there are fewer, has one element on the diagonal.
  return b.add(ReduceSum, [masked, b.i64(isWide(op, x) ? -1 : -2)]);
};

const matrixSetDiag: Translator = (op, b) => {
  const x = matricesAt(op, 0);
  const diagonal = op.input(1);
  checkMainDiagonal(op, 2);
  const rank = x.shape.length;
  const spread = unsqueeze(b, diagonal, isWide(op, x) ? rank - 1 : rank - 2);
  return b.add(Select, [onDiagonalOf(b, x), spread, x]);
};

/** Keeps the elements within `lower` diagonals below and `upper` above the main one; a negative number keeps all. */
const matrixBandPart: Translator = (op, b) => {
  const x = matricesAt(op, 0);
  const lower = op.integer(1, 'lower band');
  const upper = op.integer(2, 'upper band');
  const offset = columnsMinusRows(b, positionsAlong(b, x, -1), positionsAlong(b, x, -2));
  const limits = [
    ...(lower < 0 ? [] : [b.add(GreaterEqual, [offset, b.scalar('i64', -lower)])]),
    ...(upper < 0 ? [] : [b.add(LessEqual, [offset, b.scalar('i64', upper)])]),
  ];
  if (limits.length === 0) return x;
  return b.add(Select, [limits.reduce((p, q) => b.add(LogicalAnd, [p, q])), x, constantLike(b, x, 0)]);
};

const inverse: Translator = (op, b) => {
  const inverted = b.add(Inverse, [op.input(0)]);
  if (!op.bool('adjoint', false)) return inverted;
  const axes = op.input(0).shape.map((_, axis) => axis);
  return b.add(Transpose, [inverted, b.i64(...axes.slice(0, -2), axes.length - 1, axes.length - 2)]);
};

export const matrix: Translators = {
  MatMul: matMul,
  _FusedMatMul: (op, b) => applyFusedOps(op, b, matMul(op, b), 'NHWC'),
  BatchMatMul: batchMatMul,
  BatchMatMulV2: batchMatMul,
  BatchMatMulV3: mixedBatchMatMul,
  Einsum: (op, b) => b.add(Einsum, op.inputs, { equation: equationOf(op) }),
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
};
