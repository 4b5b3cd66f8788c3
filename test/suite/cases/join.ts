import * as op from '../../../src/ov/ops/join.ts';
import { type OpCase, of } from '../op-case.ts';
import { axes, axis, bool, count, counting, f32, i64, u8 } from '../tensors.ts';

const x = counting([2, 4]);

export const join: readonly OpCase[] = [
  of(op.Concat, 'of rows', [f32([1, 2], [1, 2]), f32([2, 2], [3, 4, 5, 6])], f32([3, 2], count([3, 2], 1)), {
    axis: 0,
  }),
  of(
    op.Concat,
    'along the last axis',
    [f32([2, 1], [1, 4]), f32([2, 2], [2, 3, 5, 6])],
    f32([2, 3], count([2, 3], 1)),
    { axis: -1 },
  ),
  of(op.Concat, 'with an empty part', [i64([0], []), i64([2], [1, 2])], i64([2], [1, 2]), { axis: 0 }),
  of(op.Concat, 'of one value', [u8([2], [1, 2])], u8([2], [1, 2]), { axis: 0 }),
  of(op.Concat, 'of booleans', [bool([1], [1]), bool([1], [0])], bool([2], [1, 0]), { axis: 0 }),
  of(op.Split, 'in halves', [x, axis(1)], [f32([2, 2], [0, 1, 4, 5]), f32([2, 2], [2, 3, 6, 7])], { num_splits: 2 }),
  of(op.Split, 'along an axis from the end', [x, axis(-2)], [counting([1, 4]), counting([1, 4], 4)], {
    num_splits: 2,
  }),
  of(
    op.VariadicSplit,
    'in given lengths',
    [x, axis(1), axes(1, 3)],
    [f32([2, 1], [0, 4]), f32([2, 3], [1, 2, 3, 5, 6, 7])],
  ),
  of(
    op.VariadicSplit,
    'with the rest',
    [x, axis(-1), axes(1, -1, 1)],
    [f32([2, 1], [0, 4]), f32([2, 2], [1, 2, 5, 6]), f32([2, 1], [3, 7])],
  ),
];
