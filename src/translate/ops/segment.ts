import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Divide, Maximum } from '../../ov/ops/arithmetic.ts';
import { Equal, Greater, GreaterEqual, Less, NotEqual } from '../../ov/ops/comparison.ts';
import { Broadcast } from '../../ov/ops/movement.ts';
import { Gather, ScatterNDReduce, ScatterUpdate } from '../../ov/ops/gather.ts';
import { ReduceLogicalAnd, ReduceMax } from '../../ov/ops/reduction.ts';
import { Reshape, ShapeOf, Squeeze } from '../../ov/ops/shape.ts';
import { NonZero, Select } from '../../ov/ops/condition.ts';
import { StridedSlice } from '../../ov/ops/slice.ts';
import { concat, constantLike, convert, reshape, squeeze, unsqueeze } from '../../ov/shorthand.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';

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

/** Ops that group rows by number, and that tell equal elements from each other. */

type Reduction = 'sum' | 'prod' | 'max' | 'min';

/** The smallest number of a type. */
const LOWEST: Partial<Readonly<Record<ElementType, number>>> = {
  f32: -3.4028234663852886e38,
  f16: -65504,
  f64: -Number.MAX_VALUE,
  i32: -(2 ** 31),
  i64: -(2 ** 63),
  u8: 0,
};

const neutral = (reduction: Reduction, type: ElementType): number => {
  const lowest = LOWEST[type] ?? 0;
  return { sum: 0, prod: 1, max: lowest, min: type === 'u8' ? 255 : -lowest - (type === 'i32' ? 1 : 0) }[reduction];
};

/** The sizes of a row of `x`, as i64. */
const rowSizes = (b: Builder, x: Value, from: number): Value => {
  const rank = x.shape.length;
  const axes = Array.from({ length: rank - from }, (_, i) => i + from);
  return b.add(Gather, [b.add(ShapeOf, [x]), b.i64(...axes), b.scalar('i64', 0)]);
};

/** Rows of `x` reduced into as many groups as `count` says; a row with a negative number belongs to none. */
export function grouped(b: Builder, x: Value, ids: Value, count: Value, reduction: Reduction): Value {
  const depth = ids.shape.length;
  const groups = unsqueeze(b, convert(b, count, 'i64'), 0);
  const numbers = convert(b, ids, 'i64');
  // One group more takes in what belongs to none, and is cut off again.
  const isNone = b.add(Less, [numbers, b.scalar('i64', 0)]);
  const places = unsqueeze(b, b.add(Select, [isNone, groups, numbers]), depth);
  const shape = concat(b, 0, [b.add(Add, [groups, b.i64(1)]), rowSizes(b, x, depth)]);
  const empty = b.add(Broadcast, [constantLike(b, x, neutral(reduction, x.type)), shape]);
  const all = b.add(ScatterNDReduce, [empty, places, x], { reduction });
  return b.add(StridedSlice, [all, b.i64(0), groups, b.i64(1)], { begin_mask: [false], end_mask: [false] });
}

const countOfSorted = (b: Builder, ids: Value): Value =>
  b.add(Add, [b.add(ReduceMax, [convert(b, ids, 'i64'), b.i64(0)]), b.scalar('i64', 1)]);

export const ones = (b: Builder, ids: Value, type: ElementType): Value =>
  b.add(Broadcast, [b.scalar(type, 1), b.add(ShapeOf, [ids])]);

/** How many rows each group has, in the shape that divides rows of `like`. */
function segmentSizes(b: Builder, ids: Value, count: Value, like: Value): Value {
  const counts = grouped(b, ones(b, ids, like.type), ids, count, 'sum');
  return reshape(b, counts, -1, ...like.shape.slice(1).map(() => 1));
}

function mean(b: Builder, x: Value, ids: Value, count: Value): Value {
  const sums = grouped(b, x, ids, count, 'sum');
  const rows = b.add(Maximum, [segmentSizes(b, ids, count, sums), constantLike(b, sums, 1)]);
  return b.add(Divide, [sums, rows], { m_pythondiv: false });
}

/** Groups without rows are 0 where the groups are numbered in order, but for a product. */
const sorted =
  (reduction: Reduction | 'mean'): Translator =>
  (op, b) => {
    const [x, ids] = [op.input(0), op.input(1)];
    const count = countOfSorted(b, ids);
    if (reduction === 'mean') return mean(b, x, ids, count);
    const result = grouped(b, x, ids, count, reduction);
    if (reduction === 'prod') return result;
    const isEmpty = b.add(Equal, [segmentSizes(b, ids, count, result), constantLike(b, result, 0)]);
    return b.add(Select, [isEmpty, constantLike(b, result, 0), result]);
  };

const unsorted =
  (reduction: Reduction | 'mean'): Translator =>
  (op, b) => {
    const [x, ids, count] = [op.input(0), op.input(1), op.input(2)];
    return reduction === 'mean' ? mean(b, x, ids, count) : grouped(b, x, ids, count, reduction);
  };

/** The elements of one vector that another does not hold, and their positions. */
const listDiff: Translator = (op, b) => {
  const [x, y] = [op.input(0), op.input(1)];
  const differs = b.add(NotEqual, [unsqueeze(b, x, 1), unsqueeze(b, y, 0)]);
  const isNew = b.add(ReduceLogicalAnd, [differs, b.i64(1)]);
  const places = squeeze(b, b.add(NonZero, [isNew]), 0);
  return [b.add(Gather, [x, places, b.scalar('i64', 0)]), convert(b, places, op.elementType('out_idx', 'DT_INT32'))];
};

/** Inputs: lists of positions, then as many lists of rows, which go to these positions. */
const dynamicStitch = (op: TfOp, b: Builder): Value => {
  const half = op.inputs.length / 2;
  const indices = op.inputs.slice(0, half);
  const rows = op.inputs.slice(half);
  const depth = indices[0]!.shape.length;
  const rest = rows[0]!.shape.slice(depth);
  const flatten = (x: Value, tail: Value): Value => b.add(Reshape, [x, concat(b, 0, [b.i64(-1), tail])]);
  const tail = rowSizes(b, rows[0]!, depth);
  const places = concat(
    b,
    0,
    indices.map(x => reshape(b, convert(b, x, 'i64'), -1)),
  );
  const values = concat(
    b,
    0,
    rows.map(x => (rest.length === 0 ? reshape(b, x, -1) : flatten(x, tail))),
  );
  const count = unsqueeze(b, countOfSorted(b, places), 0);
  const shape = rest.length === 0 ? count : concat(b, 0, [count, tail]);
  const empty = b.add(Broadcast, [constantLike(b, values, 0), shape]);
  return b.add(ScatterUpdate, [empty, places, values, b.scalar('i64', 0)]);
};

/** Rows by the number of the list that they go to. */
const dynamicPartition: Translator = (op, b) => {
  const [x, lists] = [op.input(0), op.input(1)];
  const rows =
    lists.shape.length === 1 ? x : b.add(Reshape, [x, concat(b, 0, [b.i64(-1), rowSizes(b, x, lists.shape.length)])]);
  const numbers = reshape(b, lists, -1);
  return Array.from({ length: op.int('num_partitions') }, (_, i) => {
    const places = b.add(Squeeze, [b.add(NonZero, [b.add(Equal, [numbers, constantLike(b, numbers, i)])]), b.i64(0)]);
    return b.add(Gather, [rows, places, b.scalar('i64', 0)]);
  });
};

export const segment: Translators = {
  Bincount: bincount,
  DenseBincount: bincount,
  SegmentSum: sorted('sum'),
  SegmentProd: sorted('prod'),
  SegmentMax: sorted('max'),
  SegmentMin: sorted('min'),
  SegmentMean: sorted('mean'),
  UnsortedSegmentSum: unsorted('sum'),
  UnsortedSegmentProd: unsorted('prod'),
  UnsortedSegmentMax: unsorted('max'),
  UnsortedSegmentMin: unsorted('min'),
  ListDiff: listDiff,
  DynamicStitch: dynamicStitch,
  ParallelDynamicStitch: dynamicStitch,
  DynamicPartition: dynamicPartition,
};
