import { Broadcast } from '../../../ov/ops/movement.ts';
import { ScatterNDReduce, ScatterNDUpdate, ScatterUpdate } from '../../../ov/ops/gather.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { convert, reshape, sizesAlong, squeeze } from '../../../ov/shorthand.ts';
import type { Translators, Translator } from '../../translator.ts';
import { countTo } from '../generation.ts';

const scatterInto =
  (reduction: 'sum' | 'sub' | 'max' | 'min'): Translator =>
  (op, b) =>
    b.add(ScatterNDReduce, [op.input(0), op.input(1), op.input(2)], { reduction });

const sparseToDense: Translator = (op, b) => {
  const indices = op.input(0);
  const shape = op.input(1);
  const values = op.input(2);
  const defaultValue = op.input(3);
  const coordinates = indices.shape.length === 2 ? indices : reshape(b, indices, -1, 1);
  const count = sizesAlong(b, coordinates, 0);
  const updates = b.add(Broadcast, [values, count]);
  return b.add(ScatterNDUpdate, [b.add(Broadcast, [defaultValue, shape]), coordinates, updates]);
};

export const gather: Translators = {
  TensorScatterAdd: scatterInto('sum'),
  TensorScatterSub: scatterInto('sub'),
  TensorScatterMax: scatterInto('max'),
  TensorScatterMin: scatterInto('min'),
  SparseToDense: sparseToDense,
  InvertPermutation: (op, b) => {
    const order = convert(b, op.input(0), 'i64');
    const size = b.add(ShapeOf, [order]);
    const positions = countTo(b, squeeze(b, size, 0));
    return convert(b, b.add(ScatterUpdate, [positions, order, positions, b.scalar('i64', 0)]), op.input(0).type);
  },
};
