import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Multiply } from '../../../ov/ops/arithmetic.ts';
import { Greater, GreaterEqual } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { Broadcast } from '../../../ov/ops/movement.ts';
import { Reshape, ShapeOf } from '../../../ov/ops/shape.ts';
import { Slice } from '../../../ov/ops/slice.ts';
import { columnOf, concat, constantLike, convert, reshape, unsqueeze } from '../../../ov/shorthand.ts';
import type { TfOp } from '../../tf-op.ts';
import type { Translator } from '../../translator.ts';
import { countTo } from '../generation.ts';
import { ones, reduceByGroup } from './groups.ts';
import { lengthOf, rowsIn, rowsOfSplits } from './ragged.ts';

/** Numbers to count, in one histogram or in one per row. Numbers beyond the histogram are ignored. */
interface Numbers {
  readonly values: Value;
  readonly size: Value;
  /** One per value, or empty for ones. */
  readonly weights: Value;
  readonly rows?: Rows;
}

interface Rows {
  /** Row of each value: i64. */
  readonly ids: Value;
  readonly count: Value;
}

function histogram(op: TfOp, b: Builder, { values, size, weights, rows }: Numbers): Value {
  const bins = convert(b, size, 'i64');
  const numbers = reshape(b, convert(b, values, 'i64'), -1);
  const isBeyond = b.add(GreaterEqual, [numbers, bins]);
  const place = rows === undefined ? numbers : b.add(Add, [b.add(Multiply, [rows.ids, bins]), numbers]);
  const kept = b.add(Select, [isBeyond, b.scalar('i64', -1), place]);
  const count = rows === undefined ? bins : b.add(Multiply, [rows.count, bins]);
  const isBinary = op.bool('binary_output', false);
  const added = isBinary ? ones(b, kept, weights.type) : weightsOf(b, kept, weights);
  const flat = reduceByGroup(b, added, kept, count, 'sum');
  const counts =
    rows === undefined
      ? flat
      : b.add(Reshape, [flat, concat(b, 0, [unsqueeze(b, rows.count, 0), unsqueeze(b, bins, 0)])]);
  if (!isBinary) return counts;
  const zero = constantLike(b, counts, 0);
  return b.add(Select, [b.add(Greater, [counts, zero]), constantLike(b, counts, 1), zero]);
}

function weightsOf(b: Builder, numbers: Value, weights: Value): Value {
  const equal = ones(b, numbers, weights.type);
  if (weights.shape.includes(0)) return equal;
  const given = reshape(b, weights, -1);
  if (typeof weights.shape[0] === 'number') return given;
  // Whether the weights are empty shows at inference: the ones come after them.
  return b.add(Slice, [concat(b, 0, [given, equal]), b.i64(0), b.add(ShapeOf, [numbers]), b.i64(1)]);
}

const sizeAt = (b: Builder, shape: Value, axis: number): Value =>
  b.add(Gather, [convert(b, shape, 'i64'), b.scalar('i64', axis), b.scalar('i64', 0)]);

/** Translates `Bincount` and `DenseBincount`, which counts the rows of a matrix separately. */
export const bincount: Translator = (op, b) => {
  const [values, size, weights] = [op.input(0), op.input(1), op.input(2)];
  if (op.type === 'Bincount' || values.shape.length < 2) return histogram(op, b, { values, size, weights });
  const shape = b.add(ShapeOf, [values]);
  const count = sizeAt(b, shape, 0);
  const ids = reshape(b, b.add(Broadcast, [unsqueeze(b, countTo(b, count), 1), shape]), -1);
  return histogram(op, b, { values, size, weights, rows: { ids, count } });
};

/** Translates `RaggedBincount`. Inputs: splits, values, size, weights. */
export const raggedBincount: Translator = (op, b) => {
  const splits = convert(b, op.input(0), 'i64');
  const values = op.input(1);
  const rows = { ids: rowsOfSplits(b, splits, lengthOf(b, values)), count: rowsIn(b, splits) };
  return histogram(op, b, { values, size: op.input(2), weights: op.input(3), rows });
};

/** Translates `SparseBincount`. Inputs: indices, values, shape of the dense tensor, size, weights. */
export const sparseBincount: Translator = (op, b) => {
  const [indices, values, shape, size, weights] = op.inputs;
  if (shape!.shape[0] === 1) return histogram(op, b, { values: values!, size: size!, weights: weights! });
  const ids = columnOf(b, indices!, 0);
  return histogram(op, b, {
    values: values!,
    size: size!,
    weights: weights!,
    rows: { ids, count: sizeAt(b, shape!, 0) },
  });
};
