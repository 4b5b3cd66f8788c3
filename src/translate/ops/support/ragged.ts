import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Ceiling, CumSum, Divide, Maximum, Multiply, Sign, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { Broadcast } from '../../../ov/ops/movement.ts';
import { ReduceMax } from '../../../ov/ops/reduction.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { Slice } from '../../../ov/ops/slice.ts';
import { concat, convert, reshape, unsqueeze } from '../../../ov/shorthand.ts';
import { isReal } from '../../../tensor/element-type.ts';
import type { Translator } from '../../translator.ts';
import { countTo } from '../generation.ts';
import { ones, reduceByGroup } from './groups.ts';

/** Ragged tensors are values in a row and splits: row `i` has the values from `splits[i]` up to `splits[i + 1]`. All are i64. */

const at = (b: Builder, x: Value, positions: Value): Value => b.add(Gather, [x, positions, b.scalar('i64', 0)]);

const lastOf = (b: Builder, splits: Value): Value => at(b, splits, b.scalar('i64', -1));

/** Number of items along the first axis, as a scalar. */
export const lengthOf = (b: Builder, x: Value): Value => at(b, b.add(ShapeOf, [x]), b.scalar('i64', 0));

const part = (b: Builder, x: Value, start: number, stop: number): Value =>
  b.add(Slice, [x, b.i64(start), b.i64(stop), b.i64(1), b.i64(0)]);

export const rowsIn = (b: Builder, splits: Value): Value => b.add(Subtract, [lengthOf(b, splits), b.scalar('i64', 1)]);

/** Returns the row of each of `count` values: the number of splits up to it. */
export function rowsOfSplits(b: Builder, splits: Value, count: Value): Value {
  const starts = part(b, splits, 1, -1);
  // Empty rows at the end start after the last value.
  const places = b.add(Add, [count, b.scalar('i64', 1)]);
  const begun = b.add(CumSum, [reduceByGroup(b, ones(b, starts, 'i64'), starts, places, 'sum'), b.scalar('i64', 0)]);
  return part(b, begun, 0, -1);
}

export const lengthsOfRows = (b: Builder, splits: Value): Value =>
  b.add(Subtract, [part(b, splits, 1, 2 ** 30), part(b, splits, 0, -1)]);

const splitsOfLengths = (b: Builder, lengths: Value): Value =>
  concat(b, 0, [b.i64(0), b.add(CumSum, [lengths, b.scalar('i64', 0)])]);

/** Returns the position of each value in its row. */
export const columnsOf = (b: Builder, splits: Value, rows: Value, count: Value): Value =>
  b.add(Subtract, [countTo(b, count), at(b, splits, rows)]);

export const longest = (b: Builder, lengths: Value): Value =>
  b.add(ReduceMax, [concat(b, 0, [b.i64(0), lengths]), b.i64(0)]);

/** Translates `RaggedRange`. Inputs, vectors or scalars: starts, limits, deltas; outputs: splits, values. */
export const raggedRange: Translator = (op, b) => {
  const splitsType = op.elementType('Tsplits', 'DT_INT64');
  const [from, to, by] = vectorsOf(b, [op.input(0), op.input(1), op.input(2)]);
  const { type } = from!;
  const span = b.add(Subtract, [to!, from!]);
  const fitting = isReal(type)
    ? b.add(Ceiling, [b.add(Divide, [span, by!])])
    : b.add(Divide, [b.add(Subtract, [b.add(Add, [span, by!]), b.add(Sign, [by!])]), by!], { m_pythondiv: false });
  const lengths = b.add(Maximum, [convert(b, fitting, 'i64'), b.scalar('i64', 0)]);
  const splits = splitsOfLengths(b, lengths);
  const count = lastOf(b, splits);
  const rows = rowsOfSplits(b, splits, count);
  const steps = convert(b, columnsOf(b, splits, rows, count), type);
  const values = b.add(Add, [at(b, from!, rows), b.add(Multiply, [steps, at(b, by!, rows)])]);
  return [convert(b, splits, splitsType), values];
};

/** Broadcasts scalars to the length of the vectors among `values`. */
function vectorsOf(b: Builder, values: readonly Value[]): readonly Value[] {
  const vector = values.find(({ shape }) => shape.length === 1);
  if (vector === undefined) return values.map(value => reshape(b, value, 1));
  return values.map(value => (value.shape.length === 1 ? value : b.add(Broadcast, [value, b.add(ShapeOf, [vector])])));
}

/** Translates `RaggedGather`. Inputs: splits from the outermost, values, indices of outermost rows; outputs: splits, values. */
export const raggedGather: Translator = (op, b) => {
  const depth = op.int('PARAMS_RAGGED_RANK');
  const indices = op.input(depth + 1);
  const type = op.elementType('Tsplits', 'DT_INT64');
  let rows = reshape(b, convert(b, indices, 'i64'), -1);
  const made: Value[] = uniformSplits(b, indices);
  for (const given of op.inputs.slice(0, depth)) {
    const splits = convert(b, given, 'i64');
    const starts = at(b, splits, rows);
    const ends = at(b, splits, b.add(Add, [rows, b.scalar('i64', 1)]));
    const next = splitsOfLengths(b, b.add(Subtract, [ends, starts]));
    const count = lastOf(b, next);
    const owners = rowsOfSplits(b, next, count);
    made.push(next);
    rows = b.add(Add, [at(b, starts, owners), columnsOf(b, next, owners, count)]);
  }
  return [...made.map(splits => convert(b, splits, type)), at(b, op.input(depth), rows)];
};

/** Splits of the axes of `x` after the first, each of which has rows of equal lengths. */
function uniformSplits(b: Builder, x: Value): Value[] {
  const shape = b.add(ShapeOf, [x]);
  let rows: Value = b.scalar('i64', 1);
  return x.shape.slice(1).map((_, i) => {
    rows = b.add(Multiply, [rows, at(b, shape, b.scalar('i64', i))]);
    const positions = countTo(b, b.add(Add, [rows, b.scalar('i64', 1)]));
    return b.add(Multiply, [positions, at(b, shape, b.scalar('i64', i + 1))]);
  });
}

/**
 * Translates `RaggedTensorToSparse`. Inputs: splits from the outermost, values; outputs: indices, values, shape. Axes of the values
 * after the first are levels with rows of equal lengths.
 */
export const raggedToSparse: Translator = (op, b) => {
  const given = op.input(-1);
  const ragged = op.inputs.slice(0, -1).map(splits => convert(b, splits, 'i64'));
  const levels = [...ragged, ...uniformSplits(b, given)];
  const values = reshape(b, given, -1);
  let columns: readonly Value[] = [];
  levels.forEach((splits, i) => {
    const count = i + 1 < levels.length ? rowsIn(b, levels[i + 1]!) : lengthOf(b, values);
    const rows = rowsOfSplits(b, splits, count);
    const before = columns.length === 0 ? [rows] : columns.map(column => at(b, column, rows));
    columns = [...before, columnsOf(b, splits, rows, count)];
  });
  const longestRows = ragged.map(splits => unsqueeze(b, longest(b, lengthsOfRows(b, splits)), 0));
  const indices = concat(
    b,
    1,
    columns.map(column => unsqueeze(b, column, 1)),
  );
  const inner = given.shape.length > 1 ? [part(b, b.add(ShapeOf, [given]), 1, 2 ** 30)] : [];
  return [indices, values, concat(b, 0, [unsqueeze(b, rowsIn(b, levels[0]!), 0), ...longestRows, ...inner])];
};
