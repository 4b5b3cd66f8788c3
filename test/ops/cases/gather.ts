import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, needsSizes, of, unfolded } from '../op-case.ts';
import { axes, axis, bool, count, counting, f32, i32, i64, u8 } from '../tensors.ts';

const x = counting([3, 4]);

export const gather: readonly OpCase[] = [
  of(op.Gather, 'of rows', [x, i64([2], [2, 0]), axis(0)], f32([2, 4], [8, 9, 10, 11, 0, 1, 2, 3])),
  of(op.Gather, 'of columns by a matrix', [x, i32([1, 2], [3, 1]), axis(1)], f32([3, 1, 2], [3, 1, 7, 5, 11, 9])),
  of(op.Gather, 'along an axis from the end', [x, i64([1], [1]), axis(-1)], f32([3, 1], [1, 5, 9])),
  of(op.Gather, 'by a scalar drops the axis', [x, i64([], [1]), axis(0)], f32([4], [4, 5, 6, 7])),
  of(op.Gather, 'from the end', [x, i64([2], [-1, -3]), axis(0)], f32([2, 4], [8, 9, 10, 11, 0, 1, 2, 3])),
  of(op.Gather, 'of nothing', [x, i64([0], []), axis(0)], f32([0, 4], [])),
  of(op.Gather, 'of u8', [u8([3], [7, 8, 255]), i32([2], [2, 2]), axis(0)], u8([2], [255, 255])),
  unfolded(
    of(
      op.Gather,
      'in batches',
      [f32([2, 3], count([2, 3])), i64([2, 2], [2, 0, 1, 1]), axis(1)],
      f32([2, 2], [2, 0, 4, 4]),
      { batch_dims: 1 },
    ),
  ),
  unfolded(
    of(
      op.Gather,
      'in batches counted from the end',
      [f32([2, 3], count([2, 3])), i64([2, 2], [2, 0, 1, 1]), axis(-1)],
      f32([2, 2], [2, 0, 4, 4]),
      { batch_dims: -1 },
    ),
  ),
  of(
    op.GatherElements,
    'along columns',
    [f32([2, 3], count([2, 3])), i32([2, 2], [2, 0, 1, 1])],
    f32([2, 2], [2, 0, 4, 4]),
    { axis: 1 },
  ),
  of(op.GatherElements, 'along rows', [f32([2, 3], count([2, 3])), i64([1, 3], [1, 0, 1])], f32([1, 3], [3, 1, 5]), {
    axis: 0,
  }),
  needsSizes(of(op.GatherND, 'of elements', [x, i32([2, 2], [0, 3, 2, 1])], f32([2], [3, 9]))),
  needsSizes(of(op.GatherND, 'of rows', [x, i64([2, 1], [2, 0])], f32([2, 4], [8, 9, 10, 11, 0, 1, 2, 3]))),
  needsSizes(of(op.GatherND, 'from the end', [x, i64([1, 2], [-1, -2])], f32([1], [10]))),
  of(op.GatherND, 'of constant places', [x, fixed(i32([1, 2], [1, 1]))], f32([1], [5])),
  unfolded(
    needsSizes(
      of(op.GatherND, 'in batches', [counting([2, 2, 2]), i64([2, 1], [1, 0])], f32([2, 2], [2, 3, 4, 5]), {
        batch_dims: 1,
      }),
    ),
  ),
  of(
    op.ScatterNDUpdate,
    'of elements',
    [f32([4], [1, 2, 3, 4]), i64([2, 1], [3, 0]), f32([2], [9, 8])],
    f32([4], [8, 2, 3, 9]),
  ),
  of(
    op.ScatterNDUpdate,
    'of rows',
    [f32([2, 2], [1, 2, 3, 4]), i32([1, 1], [1]), f32([1, 2], [8, 9])],
    f32([2, 2], [1, 2, 8, 9]),
  ),
  of(
    op.ScatterNDReduce,
    'adds twice in one place',
    [f32([3], [1, 2, 3]), i64([2, 1], [1, 1]), f32([2], [10, 20])],
    f32([3], [1, 32, 3]),
    { reduction: 'sum' },
  ),
  of(
    op.ScatterUpdate,
    'of columns',
    [f32([2, 3], count([2, 3])), i64([1], [2]), f32([2, 1], [8, 9]), axis(1)],
    f32([2, 3], [0, 1, 8, 3, 4, 9]),
  ),
  of(
    op.ScatterUpdate,
    'of matrices',
    [
      f32([3, 2, 1], count([3, 2, 1])),
      i64([2, 2], [2, 0, 1, 2]),
      f32([2, 2, 2, 1], [6, 7, 8, 9, 10, 11, 12, 13]),
      axis(0),
    ],
    f32([3, 2, 1], [8, 9, 10, 11, 12, 13]),
  ),
  of(
    op.ScatterElementsUpdate,
    'along rows',
    [f32([2, 2], [1, 2, 3, 4]), i32([1, 2], [1, 0]), f32([1, 2], [8, 9]), axis(0)],
    f32([2, 2], [1, 9, 8, 4]),
  ),
  of(
    op.ScatterElementsUpdate,
    'adds',
    [f32([3], [1, 2, 3]), i64([2], [0, 0]), f32([2], [10, 20]), axis(0)],
    f32([3], [31, 2, 3]),
    { reduction: 'sum' },
  ),
  of(op.Gather, 'of booleans', [bool([2], [1, 0]), fixed(i64([3], [1, 0, 0])), axis(0)], bool([3], [0, 1, 1])),
  of(op.Gather, 'by constant places', [x, axes(1, 1), axis(1)], f32([3, 2], [1, 1, 5, 5, 9, 9])),
];
