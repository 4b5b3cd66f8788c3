import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, CumSum, Divide, FloorMod, Maximum, Multiply, Subtract } from '../../ov/ops/arithmetic.ts';
import { Equal, LessEqual } from '../../ov/ops/comparison.ts';
import { Select } from '../../ov/ops/condition.ts';
import { Gather, ScatterNDReduce, ScatterUpdate } from '../../ov/ops/gather.ts';
import { Broadcast, Pad, Split, Transpose } from '../../ov/ops/movement.ts';
import { ReduceLogicalAnd, ReduceProd, ReduceSum } from '../../ov/ops/reduction.ts';
import { FAR, Slice } from '../../ov/ops/slice.ts';
import { TopK } from '../../ov/ops/sort.ts';
import { checkCount, checkRankOf, shapeMismatch } from '../../ov/ops/support/infer.ts';
import { columnOf, concat, constantLike, convert, sizeAlong, unsqueeze } from '../../ov/shorthand.ts';
import { checkRank, type Dim } from '../../tensor/dim.ts';
import { knownDim } from '../known-dim.ts';
import type { Translators, Translator } from '../translator.ts';
import { countTo } from './generation.ts';
import { ones, reduceByGroup } from './support/groups.ts';

/** Sparse tensors are coordinates i64 [values, axes], values [values] and a shape i64 [axes]. */

const at = (b: Builder, x: Value, positions: Value): Value => b.add(Gather, [x, positions, b.scalar('i64', 0)]);

/** Whether sizes are -1, to be inferred from the others. */
const isInferred = (b: Builder, sizes: Value): Value => b.add(Equal, [sizes, constantLike(b, sizes, -1)]);

function inferSize(b: Builder, from: Value, sizes: Value): Value {
  const product = (x: Value): Value => b.add(ReduceProd, [x, b.i64(0)], { keep_dims: true });
  const one = constantLike(b, sizes, 1);
  const known = product(b.add(Select, [isInferred(b, sizes), one, sizes]));
  const inferred = b.add(Divide, [product(from), b.add(Maximum, [known, one])]);
  return b.add(Select, [isInferred(b, sizes), inferred, sizes]);
}

/** @throws DecantError `unsupported` if the rank is unknown, `limit` if it is absurd */
function rankOf(axes: Dim | undefined): number {
  const rank = knownDim(axes, 'the rank of sparse tensors');
  checkRank('a sparse tensor', rank);
  return rank;
}

/** Returns the sizes [1], or the coordinates [values, 1], of each axis. */
function byAxis(b: Builder, x: Value, axis: number): readonly Value[] {
  const rank = rankOf(x.shape[axis]);
  checkCount('the rank of sparse tensors', rank, 1);
  return b.addAll(Split, [x, b.scalar('i64', axis)], { num_splits: rank });
}

const reshapeSparse: Translator = (op, b) => {
  const coordinates = op.input(0);
  checkRankOf(`the indices of ${op.type}`, coordinates, 2);
  const before = byAxis(b, op.input(1), 0);
  const shape = inferSize(b, op.input(1), op.input(2));
  const after = byAxis(b, shape, 0);
  const columns = byAxis(b, coordinates, 1);
  if (columns.length !== before.length)
    throw shapeMismatch(`the indices of ${op.type} have ${columns.length} axes, but its shape has ${before.length}`);
  let position = columns.reduce((whole, each, i) => b.add(Add, [b.add(Multiply, [whole, before[i]!]), each]));
  const moved: Value[] = [];
  for (const size of after.slice(1).reverse()) {
    const inside = b.add(FloorMod, [position, size]);
    moved.unshift(inside);
    position = b.add(Divide, [b.add(Subtract, [position, inside]), size]);
  }
  return [concat(b, 1, [position, ...moved]), shape];
};

/** Inputs: coordinates, values, shape, and the value for rows without any. */
const fillEmptyRows: Translator = (op, b) => {
  const [coordinates, values, shape, fill] = [op.input(0), op.input(1), op.input(2), op.input(3)];
  checkRankOf(`the indices of ${op.type}`, coordinates, 2);
  const rank = rankOf(shape.shape[0]);
  const rows = columnOf(b, coordinates, 0);
  const numberOfRows = at(b, shape, b.scalar('i64', 0));
  const counts = reduceByGroup(b, ones(b, rows, 'i64'), rows, numberOfRows, 'sum');
  const one = b.scalar('i64', 1);
  const filled = b.add(Maximum, [counts, one]);
  const startsOf = (sizes: Value): Value => b.add(CumSum, [sizes, b.scalar('i64', 0)], { exclusive: true });
  const starts = startsOf(filled);
  // The values of a row keep their order.
  const order = orderOf(b, rows);
  const sorted = at(b, rows, order);
  const added = b.add(Subtract, [at(b, starts, sorted), at(b, startsOf(counts), sorted)]);
  const count = sizeAlong(b, rows, 0);
  const places = b.add(Add, [countTo(b, count), added]);
  const zeros = b.add(Broadcast, [b.scalar('i64', 0), unsqueeze(b, count, 0)]);
  const placeOf = b.add(ScatterUpdate, [zeros, order, places, b.scalar('i64', 0)]);
  const total = b.add(ReduceSum, [filled, b.i64(0)], { keep_dims: true });
  const firsts = b.add(Pad, [
    unsqueeze(b, countTo(b, numberOfRows), 1),
    b.i64(0, 0),
    b.i64(0, rank - 1),
    b.scalar('i64', 0),
  ]);
  const empty = b.add(Broadcast, [b.scalar('i64', 0), concat(b, 0, [total, b.i64(rank)])]);
  const put = (x: Value, positions: Value, updates: Value): Value =>
    b.add(ScatterUpdate, [x, positions, updates, b.scalar('i64', 0)]);
  return [
    put(put(empty, starts, firsts), placeOf, coordinates),
    put(b.add(Broadcast, [fill, total]), placeOf, values),
    b.add(Equal, [counts, b.scalar('i64', 0)]),
    placeOf,
  ];
};

/** The positions of the rows of values, in order of the rows. Stable sorts of very many numbers are not, but few need them. */
function orderOf(b: Builder, rows: Value): Value {
  const count = sizeAlong(b, rows, 0);
  const part = (from: number, to: number): Value => b.add(Slice, [rows, b.i64(from), b.i64(to), b.i64(1), b.i64(0)]);
  const isInOrder = b.add(ReduceLogicalAnd, [b.add(LessEqual, [part(0, -1), part(1, FAR)]), b.i64(0)]);
  const keys = convert(b, b.add(Subtract, [b.scalar('i64', 0), rows]), 'i32');
  const [, order] = b.addAll(TopK, [keys, count], { axis: 0, stable: true });
  return b.add(Select, [isInOrder, countTo(b, count), convert(b, order!, 'i64')]);
}

const timesDense: Translator = (op, b) => {
  const [coordinates, values, shape, dense] = [op.input(0), op.input(1), op.input(2), op.input(3)];
  checkRankOf(`the indices of ${op.type}`, coordinates, 2);
  checkRankOf(`the dense matrix of ${op.type}`, dense, 2);
  const [row, inner] = op.bool('adjoint_a', false) ? [1, 0] : [0, 1];
  const right = op.bool('adjoint_b', false) ? b.add(Transpose, [dense, b.i64(1, 0)]) : dense;
  const terms = b.add(Multiply, [unsqueeze(b, values, 1), at(b, right, columnOf(b, coordinates, inner))]);
  return reduceByGroup(b, terms, columnOf(b, coordinates, row), at(b, shape, b.scalar('i64', row)), 'sum');
};

export const sparse: Translators = {
  SparseReshape: reshapeSparse,
  SparseFillEmptyRows: fillEmptyRows,
  SparseTensorDenseMatMul: timesDense,
  SparseTensorDenseAdd: (op, b) =>
    b.add(ScatterNDReduce, [op.input(3), op.input(0), op.input(1)], { reduction: 'sum' }),
};
