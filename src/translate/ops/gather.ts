import { Broadcast } from '../../ov/ops/movement.ts';
import { Gather, GatherND, ScatterNDReduce, ScatterNDUpdate } from '../../ov/ops/gather.ts';
import { ShapeOf } from '../../ov/ops/shape.ts';
import { concat, constantLike, sizesAlong } from '../../ov/shorthand.ts';
import { normalizeAxis } from '../../tensor/axis.ts';
import type { Translators, Translator } from '../translator.ts';

const gatherNd: Translator = (op, b) => {
  const x = op.input(0);
  const indices = op.input(1);
  if (indices.shape.at(-1) !== 0) return b.add(GatherND, [x, indices], { batch_dims: op.int('batch_dims', 0) });
  const outer = indices.shape.slice(0, -1).map((_, axis) => axis);
  const times = sizesAlong(b, indices, ...outer);
  return b.add(Broadcast, [x, concat(b, 0, [times, b.add(ShapeOf, [x])])]);
};

const scatterNd: Translator = (op, b) => {
  const indices = op.input(0);
  const updates = op.input(1);
  const shape = op.input(2);
  const zeros = b.add(Broadcast, [constantLike(b, updates, 0), shape]);
  return b.add(ScatterNDReduce, [zeros, indices, updates], { reduction: 'sum' });
};

export const gather: Translators = {
  Gather: (op, b) => b.add(Gather, [op.input(0), op.input(1), b.scalar('i64', 0)]),
  GatherV2: (op, b) => {
    const x = op.input(0);
    const indices = op.input(1);
    const axis = normalizeAxis(op.integer(2, 'axis'), x.shape.length);
    const batch = normalizeAxis(op.int('batch_dims', 0), indices.shape.length);
    return b.add(Gather, [x, indices, b.scalar('i64', axis)], { batch_dims: batch });
  },
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: (op, b) => b.add(ScatterNDUpdate, [op.input(0), op.input(1), op.input(2)]),
};
