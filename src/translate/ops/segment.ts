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

const bincount: Translator = (op, b) => {
  const numbers = op.input(0);
  const size = op.input(1);
  const weights = op.input(2);
  if (op.type === 'DenseBincount' && numbers.shape.length !== 1) {
    throw new DecantError('unsupported', `DenseBincount on a ${numbers.shape.length}-D input is not supported`);
  }
  const ids = reshape(b, convert(b, numbers, 'i64'), -1);
  const isBeyond = b.add(GreaterEqual, [ids, convert(b, size, 'i64')]);
  const kept = b.add(Select, [isBeyond, b.scalar('i64', -1), ids]);
  const values = weights.shape[0] === 0 ? ones(b, kept, weights.type) : reshape(b, weights, -1);
  const counts = reduceByGroup(b, values, kept, size, 'sum');
  const zero = constantLike(b, counts, 0);
  if (!op.bool('binary_output', false)) return counts;
  return b.add(Select, [b.add(Greater, [counts, zero]), constantLike(b, counts, 1), zero]);
};

type Reduction = 'sum' | 'prod' | 'max' | 'min';

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

const rowSizes = (b: Builder, x: Value, from: number): Value => {
  const rank = x.shape.length;
  const axes = Array.from({ length: rank - from }, (_, i) => i + from);
  return b.add(Gather, [b.add(ShapeOf, [x]), b.i64(...axes), b.scalar('i64', 0)]);
};

function reduceByGroup(b: Builder, x: Value, ids: Value, count: Value, reduction: Reduction): Value {
  const depth = ids.shape.length;
  const groups = unsqueeze(b, convert(b, count, 'i64'), 0);
  const numbers = convert(b, ids, 'i64');
  // An extra group collects the dropped rows and is sliced off.
  const isDropped = b.add(Less, [numbers, b.scalar('i64', 0)]);
  const indices = unsqueeze(b, b.add(Select, [isDropped, groups, numbers]), depth);
  const shape = concat(b, 0, [b.add(Add, [groups, b.i64(1)]), rowSizes(b, x, depth)]);
  const empty = b.add(Broadcast, [constantLike(b, x, neutral(reduction, x.type)), shape]);
  const all = b.add(ScatterNDReduce, [empty, indices, x], { reduction });
  return b.add(StridedSlice, [all, b.i64(0), groups, b.i64(1)], { begin_mask: [false], end_mask: [false] });
}

const countOfSorted = (b: Builder, ids: Value): Value =>
  b.add(Add, [b.add(ReduceMax, [convert(b, ids, 'i64'), b.i64(0)]), b.scalar('i64', 1)]);

const ones = (b: Builder, ids: Value, type: ElementType): Value =>
  b.add(Broadcast, [b.scalar(type, 1), b.add(ShapeOf, [ids])]);

function segmentSizes(b: Builder, ids: Value, count: Value, like: Value): Value {
  const counts = reduceByGroup(b, ones(b, ids, like.type), ids, count, 'sum');
  return reshape(b, counts, -1, ...like.shape.slice(1).map(() => 1));
}

function mean(b: Builder, x: Value, ids: Value, count: Value): Value {
  const sums = reduceByGroup(b, x, ids, count, 'sum');
  const rows = b.add(Maximum, [segmentSizes(b, ids, count, sums), constantLike(b, sums, 1)]);
  return b.add(Divide, [sums, rows], { m_pythondiv: false });
}

/** Empty groups of a sorted segment op are 0, except for a product, where they are 1. */
const sorted =
  (reduction: Reduction | 'mean'): Translator =>
  (op, b) => {
    const x = op.input(0);
    const ids = op.input(1);
    const count = countOfSorted(b, ids);
    if (reduction === 'mean') return mean(b, x, ids, count);
    const result = reduceByGroup(b, x, ids, count, reduction);
    if (reduction === 'prod') return result;
    const isEmpty = b.add(Equal, [segmentSizes(b, ids, count, result), constantLike(b, result, 0)]);
    return b.add(Select, [isEmpty, constantLike(b, result, 0), result]);
  };

const unsorted =
  (reduction: Reduction | 'mean'): Translator =>
  (op, b) => {
    const x = op.input(0);
    const ids = op.input(1);
    const count = op.input(2);
    return reduction === 'mean' ? mean(b, x, ids, count) : reduceByGroup(b, x, ids, count, reduction);
  };

const listDiff: Translator = (op, b) => {
  const x = op.input(0);
  const y = op.input(1);
  const differs = b.add(NotEqual, [unsqueeze(b, x, 1), unsqueeze(b, y, 0)]);
  const isNew = b.add(ReduceLogicalAnd, [differs, b.i64(1)]);
  const places = squeeze(b, b.add(NonZero, [isNew]), 0);
  return [b.add(Gather, [x, places, b.scalar('i64', 0)]), convert(b, places, op.elementType('out_idx', 'DT_INT32'))];
};

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

const dynamicPartition: Translator = (op, b) => {
  const x = op.input(0);
  const partitions = op.input(1);
  const rows =
    partitions.shape.length === 1
      ? x
      : b.add(Reshape, [x, concat(b, 0, [b.i64(-1), rowSizes(b, x, partitions.shape.length)])]);
  const numbers = reshape(b, partitions, -1);
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
