import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Divide, Maximum, Sqrt } from '../../ov/ops/arithmetic.ts';
import { Equal, NotEqual } from '../../ov/ops/comparison.ts';
import { Broadcast } from '../../ov/ops/movement.ts';
import { Gather, ScatterUpdate } from '../../ov/ops/gather.ts';
import { ReduceLogicalAnd } from '../../ov/ops/reduction.ts';
import { Reshape, Squeeze } from '../../ov/ops/shape.ts';
import { NonZero, Select } from '../../ov/ops/condition.ts';
import { concat, constantLike, convert, reshape, squeeze, unsqueeze } from '../../ov/shorthand.ts';
import { checkCount, shapeMismatch } from '../../ov/ops/support/infer.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';
import { bincount, raggedBincount, sparseBincount } from './support/bincount.ts';
import { countOfSorted, ones, reduceByGroup, type Reduction, rowSizes } from './support/groups.ts';
import { raggedToTensor } from './support/ragged-to-tensor.ts';
import { raggedGather, raggedRange, raggedToSparse } from './support/ragged.ts';
import { widened } from './support/widened.ts';

function segmentSizes(b: Builder, ids: Value, count: Value, like: Value): Value {
  const counts = reduceByGroup(b, ones(b, ids, like.type), ids, count, 'sum');
  return reshape(b, counts, -1, ...like.shape.slice(1).map(() => 1));
}

function mean(b: Builder, x: Value, ids: Value, count: Value): Value {
  const sums = reduceByGroup(b, x, ids, count, 'sum');
  const rows = b.add(Maximum, [segmentSizes(b, ids, count, sums), constantLike(b, sums, 1)]);
  return widened(b, [sums, rows], (sum, count) => b.add(Divide, [sum, count], { m_pythondiv: false }));
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

/** Sums rows of `x` that are named by their position, and divides by their number or its square root. Empty groups are 0. */
const sparse =
  (divisor: 'none' | 'count' | 'root'): Translator =>
  (op, b) => {
    const x = b.add(Gather, [op.input(0), op.input(1), b.scalar('i64', 0)]);
    const ids = op.input(2);
    const count = op.type.endsWith('WithNumSegments') ? op.input(3) : countOfSorted(b, ids);
    const sums = reduceByGroup(b, x, ids, count, 'sum');
    if (divisor === 'none') return sums;
    const rows = b.add(Maximum, [segmentSizes(b, ids, count, sums), constantLike(b, sums, 1)]);
    return b.add(Divide, [sums, divisor === 'root' ? b.add(Sqrt, [rows]) : rows], { m_pythondiv: false });
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
  const half = op.int('N');
  if (half < 1 || op.inputs.length !== 2 * half)
    throw shapeMismatch(`${op.type} has ${op.inputs.length} inputs, but needs two times its N, which is ${half}`);
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
  const count = op.int('num_partitions');
  checkCount('num_partitions', count, 1);
  return Array.from({ length: count }, (_, i) => {
    const places = b.add(Squeeze, [b.add(NonZero, [b.add(Equal, [numbers, constantLike(b, numbers, i)])]), b.i64(0)]);
    return b.add(Gather, [rows, places, b.scalar('i64', 0)]);
  });
};

export const segment: Translators = {
  Bincount: bincount,
  DenseBincount: bincount,
  RaggedBincount: raggedBincount,
  SparseBincount: sparseBincount,
  SegmentSum: sorted('sum'),
  SegmentProd: sorted('prod'),
  SegmentMax: sorted('max'),
  SegmentMin: sorted('min'),
  SegmentMean: sorted('mean'),
  SparseSegmentSum: sparse('none'),
  SparseSegmentSumWithNumSegments: sparse('none'),
  SparseSegmentMean: sparse('count'),
  SparseSegmentMeanWithNumSegments: sparse('count'),
  SparseSegmentSqrtN: sparse('root'),
  SparseSegmentSqrtNWithNumSegments: sparse('root'),
  UnsortedSegmentSum: unsorted('sum'),
  UnsortedSegmentProd: unsorted('prod'),
  UnsortedSegmentMax: unsorted('max'),
  UnsortedSegmentMin: unsorted('min'),
  RaggedRange: raggedRange,
  RaggedGather: raggedGather,
  RaggedTensorToSparse: raggedToSparse,
  RaggedTensorToTensor: raggedToTensor,
  ListDiff: listDiff,
  DynamicStitch: dynamicStitch,
  ParallelDynamicStitch: dynamicStitch,
  DynamicPartition: dynamicPartition,
};
