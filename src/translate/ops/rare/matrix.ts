import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Maximum, Minimum, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Less, LessEqual } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { LogicalAnd, LogicalOr } from '../../../ov/ops/logical.ts';
import { Inverse } from '../../../ov/ops/matrix.ts';
import { Transpose } from '../../../ov/ops/movement.ts';
import { Slice } from '../../../ov/ops/slice.ts';
import { checkRankOf } from '../../../ov/ops/support/infer.ts';
import { constantLike, convert, reshape, sizeAlong, unsqueeze } from '../../../ov/shorthand.ts';
import { type ElementType, isReal } from '../../../tensor/element-type.ts';
import type { TfOp } from '../../tf-op.ts';
import type { Translators, Translator } from '../../translator.ts';
import { countTo } from '../generation.ts';
import { diagonalsOf, type MatrixSize, matrixSize, spreadDiagonals, takeDiagonals } from '../support/diagonals.ts';
import { product } from '../matrix.ts';

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
    throw new DecantError(
      'unsupported',
      `${op.type} of ${op.input(0).type} needs the number of products that it sums`,
      {
        remedy: 'Fix the input size with --input-shape.',
      },
    );
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

const matrixDiag: Translator = (op, b) => {
  const x = op.input(0);
  const which = diagonalsOf(op, b, 1);
  const longest = sizeAlong(b, x, x.shape.length - 1);
  const zero = b.scalar('i64', 0);
  const rows = b.add(Subtract, [longest, b.add(Minimum, [which.highest, zero])]);
  const columns = b.add(Add, [longest, b.add(Maximum, [which.lowest, zero])]);
  const padding = op.inputs.length > 4 ? op.input(4) : constantLike(b, x, 0);
  return spreadDiagonals(b, x, which, sizeFrom(op, b, { rows, columns }), padding);
};

/** The smallest size that holds the diagonals, square unless a size is given: that size; `-1` is none. */
function sizeFrom(op: TfOp, b: Builder, { rows, columns }: MatrixSize): MatrixSize {
  const square = b.add(Maximum, [rows, columns]);
  if (op.inputs.length < 4) return { rows: square, columns: square };
  const given = [2, 3].map(i => reshape(b, convert(b, op.input(i), 'i64'))) as [Value, Value];
  const isOpen = given.map(size => b.add(Less, [size, b.scalar('i64', 0)])) as [Value, Value];
  const size = (i: 0 | 1, smallest: Value): Value =>
    b.add(Select, [isOpen[i], b.add(Select, [isOpen[1 - i]!, square, smallest]), given[i]]);
  return { rows: size(0, rows), columns: size(1, columns) };
}

/** @throws DecantError `malformed` if the input has less than two dimensions */
function matricesAt(op: TfOp, index: number): Value {
  checkRankOf(`input ${index} of ${op.type}`, op.input(index), 2, Infinity);
  return op.input(index);
}

const matrixDiagPart: Translator = (op, b) =>
  takeDiagonals(b, matricesAt(op, 0), diagonalsOf(op, b, 1), op.inputs.length > 2 ? op.input(2) : undefined);

const matrixSetDiag: Translator = (op, b) => {
  const x = matricesAt(op, 0);
  return spreadDiagonals(b, op.input(1), diagonalsOf(op, b, 2), matrixSize(b, x), x);
};

/** Keeps the elements within `lower` diagonals below and `upper` above the main one; a negative number keeps all. */
const matrixBandPart: Translator = (op, b) => {
  const x = matricesAt(op, 0);
  const { rows, columns } = matrixSize(b, x);
  const row = unsqueeze(b, countTo(b, rows), 1);
  const column = unsqueeze(b, countTo(b, columns), 0);
  const limits = [
    ...within(op, b, 1, b.add(Subtract, [row, column])),
    ...within(op, b, 2, b.add(Subtract, [column, row])),
  ];
  if (limits.length === 0) return x;
  return b.add(Select, [limits.reduce((p, q) => b.add(LogicalAnd, [p, q])), x, constantLike(b, x, 0)]);
};

/** Whether distances are within the limit at input `index`, unless all are. */
function within(op: TfOp, b: Builder, index: number, distance: Value): readonly Value[] {
  const isKnown = op.input(index).node.constant !== undefined;
  if (isKnown && op.integer(index, 'width of the band') < 0) return [];
  const limit = reshape(b, convert(b, op.input(index), 'i64'));
  const isWithin = b.add(LessEqual, [distance, limit]);
  return [isKnown ? isWithin : b.add(LogicalOr, [isWithin, b.add(Less, [limit, b.scalar('i64', 0)])])];
}

const inverse: Translator = (op, b) => {
  const inverted = b.add(Inverse, [op.input(0)]);
  if (!op.bool('adjoint', false)) return inverted;
  const axes = op.input(0).shape.map((_, axis) => axis);
  return b.add(Transpose, [inverted, b.i64(...axes.slice(0, -2), axes.length - 1, axes.length - 2)]);
};

/** Diagonals, inverses, and products of other types than their factors. */
export const matrix: Translators = {
  BatchMatMulV3: mixedBatchMatMul,
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
