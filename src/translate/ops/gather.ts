import { Broadcast } from '../../ov/ops/expand.ts';
import { Gather, GatherND, ScatterNDReduce, ScatterNDUpdate } from '../../ov/ops/gather.ts';
import { ShapeOf, Transpose } from '../../ov/ops/reshape.ts';
import { NonZero, OneHot, Select, TopK } from '../../ov/ops/select.ts';
import type { Translator, Translators } from '../translator.ts';
import { concat, constantLike, convert, fromFront, reshape } from '../values.ts';
import { topK as sortedTopK } from './top-k.ts';

/** Ops that choose elements. */

const topK: Translator = (op, b) => {
  const x = op.input(0);
  const k = op.type === 'TopK' ? b.scalar('i32', op.int('k')) : op.input(1);
  if (op.bool('sorted', true)) return sortedTopK(b, x, k);
  return b.addAll(TopK, [x, k], { axis: x.shape.length - 1, sort: 'none' });
};

/** Coordinates of the elements that are not zero: i64 [count, rank]. */
const where: Translator = (op, b) => b.add(Transpose, [b.add(NonZero, [op.input(0)]), b.i64(1, 0)]);

/** Inputs: a tensor, indices [..., K]. */
const gatherNd: Translator = (op, b) => {
  const [x, indices] = [op.input(0), op.input(1)];
  if (indices.shape.at(-1) !== 0) return b.add(GatherND, [x, indices], { batch_dims: op.int('batch_dims', 0) });
  // No coordinates are those of the whole tensor.
  const outer = indices.shape.slice(0, -1).map((_, axis) => axis);
  const times = b.add(Gather, [b.add(ShapeOf, [indices]), b.i64(...outer), b.scalar('i64', 0)]);
  return b.add(Broadcast, [x, concat(b, 0, [times, b.add(ShapeOf, [x])])]);
};

/** Inputs: indices [..., K], updates, the result's shape. Updates of one place add up. */
const scatterNd: Translator = (op, b) => {
  const [indices, updates, shape] = [op.input(0), op.input(1), op.input(2)];
  const zeros = b.add(Broadcast, [constantLike(b, updates, 0), shape]);
  return b.add(ScatterNDReduce, [zeros, indices, updates], { reduction: 'sum' });
};

/** Inputs: a tensor, indices [..., K], updates. */
const scatterInto =
  (reduction: 'sum' | 'sub' | 'max' | 'min'): Translator =>
  (op, b) =>
    b.add(ScatterNDReduce, [op.input(0), op.input(1), op.input(2)], { reduction });

export const gather: Translators = {
  Gather: (op, b) => b.add(Gather, [op.input(0), op.input(1), b.scalar('i64', 0)]),
  GatherV2: (op, b) => {
    const [x, indices] = [op.input(0), op.input(1)];
    const axis = fromFront(op.integer(2, 'axis'), x.shape.length);
    const batch = fromFront(op.int('batch_dims', 0), indices.shape.length);
    return b.add(Gather, [x, indices, b.scalar('i64', axis)], { batch_dims: batch });
  },
  GatherNd: gatherNd,
  Where: where,
  ScatterNd: scatterNd,
  TensorScatterUpdate: (op, b) => b.add(ScatterNDUpdate, [op.input(0), op.input(1), op.input(2)]),
  TensorScatterAdd: scatterInto('sum'),
  TensorScatterSub: scatterInto('sub'),
  TensorScatterMax: scatterInto('max'),
  TensorScatterMin: scatterInto('min'),
  TopK: topK,
  TopKV2: topK,
  OneHot: (op, b) => {
    const axis = op.int('axis', -1);
    return b.add(
      OneHot,
      [convert(b, op.input(0), op.input(0).type === 'i64' ? 'i64' : 'i32'), op.input(1), op.input(2), op.input(3)],
      {
        axis: axis < 0 ? op.input(0).shape.length : axis,
      },
    );
  },
  SelectV2: (op, b) => b.add(Select, [op.input(0), op.input(1), op.input(2)]),
  Select: (op, b) => {
    const [condition, x, y] = [op.input(0), op.input(1), op.input(2)];
    // The old form lets a vector choose rows.
    const rows = condition.shape.length === 1 && x.shape.length > 1;
    const ones = new Array<number>(Math.max(x.shape.length - 1, 0)).fill(1);
    return b.add(Select, [rows ? reshape(b, condition, -1, ...ones) : condition, x, y]);
  },
};
