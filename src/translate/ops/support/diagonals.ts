import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Maximum, Minimum, Multiply, Subtract } from '../../../ov/ops/arithmetic.ts';
import { GreaterEqual, Greater, Less, LessEqual } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { LogicalAnd } from '../../../ov/ops/logical.ts';
import { Reshape } from '../../../ov/ops/shape.ts';
import { convert, reshape, sizeAlong, unsqueeze } from '../../../ov/shorthand.ts';
import type { TfOp } from '../../tf-op.ts';
import { countTo } from '../generation.ts';
import { withZero } from './with-zero.ts';

interface Band {
  readonly lowest: Value;
  readonly highest: Value;
}

/**
 * Diagonals of matrices [..., rows, columns]: 0 is the main one, 1 the one above it. Several are stored as [..., n, longest]
 * from the highest to the lowest, a single one as [..., longest].
 */
export interface Diagonals extends Band {
  readonly isOne: boolean;
  /** Whether shorter diagonals, above and below the main one, are stored at the end of their row. */
  readonly atEnd: { readonly above: boolean; readonly below: boolean };
}

/** Sizes of matrices: i64 scalars. */
export interface MatrixSize {
  readonly rows: Value;
  readonly columns: Value;
}

const least = (b: Builder, x: Value, y: Value): Value => b.add(Minimum, [x, y]);
const most = (b: Builder, x: Value, y: Value): Value => b.add(Maximum, [x, y]);
const plus = (b: Builder, x: Value, y: Value): Value => b.add(Add, [x, y]);
const minus = (b: Builder, x: Value, y: Value): Value => b.add(Subtract, [x, y]);
const times = (b: Builder, x: Value, y: Value): Value => b.add(Multiply, [x, y]);

export const matrixSize = (b: Builder, x: Value): MatrixSize => ({
  rows: sizeAlong(b, x, x.shape.length - 2),
  columns: sizeAlong(b, x, x.shape.length - 1),
});

/**
 * The diagonals that input `k` of `op` selects: the main one without that input.
 *
 * @throws DecantError `unsupported` if it is unknown whether they are one or several
 */
export function diagonalsOf(op: TfOp, b: Builder, index: number): Diagonals {
  const align = op.string('align', 'LEFT_LEFT');
  const atEnd = { above: align.startsWith('RIGHT'), below: align.endsWith('RIGHT') };
  if (op.inputs.length <= index) {
    const main = b.scalar('i64', 0);
    return { lowest: main, highest: main, isOne: true, atEnd };
  }
  const k = op.input(index);
  if (k.node.constant === undefined && (k.shape.length === 0 || k.shape[0] === 1)) {
    const only = reshape(b, convert(b, k, 'i64'));
    return { lowest: only, highest: only, isOne: true, atEnd };
  }
  const values = op.integers(index, 'range of diagonals');
  const [lowest = 0, highest = lowest] = values;
  if (values.length === 0 || values.length > 2 || lowest > highest) {
    throw new DecantError(
      'malformed',
      `${op.type} selects the diagonals [${values.join(', ')}], which are not a range`,
    );
  }
  return { lowest: b.scalar('i64', lowest), highest: b.scalar('i64', highest), isOne: lowest === highest, atEnd };
}

/** The length of the longest diagonal from `lowest` to `highest`. */
const longestOf = (b: Builder, { rows, columns }: MatrixSize, { lowest, highest }: Band): Value => {
  const zero = b.scalar('i64', 0);
  return least(b, plus(b, rows, least(b, highest, zero)), minus(b, columns, most(b, lowest, zero)));
};

/** Where the elements of a diagonal start in the row that stores it; `undefined`: at 0. */
function startOf(b: Builder, size: MatrixSize, which: Diagonals, diagonal: Value, longest: Value): Value | undefined {
  const { above, below } = which.atEnd;
  if (which.isOne || (!above && !below)) return undefined;
  const room = minus(b, longest, longestOf(b, size, { lowest: diagonal, highest: diagonal }));
  if (above && below) return room;
  const zero = b.scalar('i64', 0);
  return b.add(Select, [b.add(above ? Greater : Less, [diagonal, zero]), room, zero]);
}

/** The last two axes as one, which is not empty. */
function merged(b: Builder, x: Value): Value {
  const sizes = b.i64(...x.shape.slice(0, -2).map(() => 0), -1);
  return withElements(b, b.add(Reshape, [x, sizes], { special_zero: true }));
}

const withElements = (b: Builder, x: Value): Value => {
  const size = x.shape.at(-1);
  return typeof size === 'number' && size > 0 ? x : withZero(b, x, -1);
};

const alongLast = (b: Builder, x: Value, indices: Value): Value => b.add(Gather, [x, indices, b.scalar('i64', -1)]);

/** The diagonals of matrices, with `padding` (a scalar) beside those that are shorter than the longest. */
export function takeDiagonals(b: Builder, x: Value, which: Diagonals, padding: Value | undefined): Value {
  const zero = b.scalar('i64', 0);
  const size = matrixSize(b, x);
  const longest = longestOf(b, size, which);
  const steps = countTo(b, longest);
  const count = plus(b, minus(b, which.highest, which.lowest), b.scalar('i64', 1));
  const diagonal = which.isOne ? which.lowest : unsqueeze(b, minus(b, which.highest, countTo(b, count)), 1);
  const start = startOf(b, size, which, diagonal, longest);
  const along = start === undefined ? steps : minus(b, steps, start);
  const row = minus(b, along, least(b, diagonal, zero));
  const column = plus(b, along, most(b, diagonal, zero));
  const index = plus(b, times(b, row, size.columns), column);
  if (which.isOne || padding === undefined) return alongLast(b, merged(b, x), index);
  const inside = [
    b.add(GreaterEqual, [along, zero]),
    b.add(Less, [row, size.rows]),
    b.add(Less, [column, size.columns]),
  ].reduce((p, q) => b.add(LogicalAnd, [p, q]));
  return b.add(Select, [inside, alongLast(b, merged(b, x), b.add(Select, [inside, index, zero])), padding]);
}

/** Matrices of `diagonals`, with `others` elsewhere: a scalar, or matrices. */
export function spreadDiagonals(
  b: Builder,
  diagonals: Value,
  which: Diagonals,
  size: MatrixSize,
  others: Value,
): Value {
  const zero = b.scalar('i64', 0);
  const column = unsqueeze(b, countTo(b, size.columns), 0);
  const row = unsqueeze(b, countTo(b, size.rows), 1);
  const diagonal = minus(b, column, row);
  const longest = sizeAlong(b, diagonals, diagonals.shape.length - 1);
  const start = startOf(b, size, which, diagonal, longest);
  const along = start === undefined ? least(b, row, column) : plus(b, least(b, row, column), start);
  const isOn = b.add(LogicalAnd, [
    b.add(GreaterEqual, [diagonal, which.lowest]),
    b.add(LessEqual, [diagonal, which.highest]),
  ]);
  const index = which.isOne ? along : plus(b, times(b, minus(b, which.highest, diagonal), longest), along);
  const stored = which.isOne ? withElements(b, diagonals) : merged(b, diagonals);
  return b.add(Select, [isOn, alongLast(b, stored, b.add(Select, [isOn, index, zero])), others]);
}
