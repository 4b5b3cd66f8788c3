import * as op from '../../../src/ov/ops/select.ts';
import { fixed, type OpCase, of } from '../op-case.ts';
import { axis, bool, f32, i32, i64 } from '../tensors.ts';

const scores = f32([2, 4], [0.1, 0.4, 0.3, 0.2, 5, 7, 6, 8]);

export const select: readonly OpCase[] = [
  of(op.Select, 'of elements', [bool([3], [1, 0, 1]), f32([3], [1, 2, 3]), f32([3], [4, 5, 6])], f32([3], [1, 5, 3])),
  of(
    op.Select,
    'broadcasts all three',
    [bool([2, 1], [1, 0]), f32([3], [1, 2, 3]), f32([], [0])],
    f32([2, 3], [1, 2, 3, 0, 0, 0]),
  ),
  of(op.Select, 'of whole tensors by a scalar', [bool([], [0]), i64([2], [1, 2]), i64([2], [3, 4])], i64([2], [3, 4])),
  of(op.Range, 'of integers', [i32([], [2]), i32([], [9]), i32([], [3])], i32([3], [2, 5, 8]), { output_type: 'i32' }),
  of(op.Range, 'backwards', [i64([], [3]), i64([], [0]), i64([], [-1])], i64([3], [3, 2, 1]), { output_type: 'i64' }),
  of(op.Range, 'of nothing', [i32([], [3]), i32([], [3]), i32([], [1])], i32([0], []), { output_type: 'i32' }),
  of(op.Range, 'of reals', [f32([], [0]), f32([], [1]), f32([], [0.25])], f32([4], [0, 0.25, 0.5, 0.75]), {
    output_type: 'f32',
  }),
  of(
    op.TopK,
    'of the largest',
    [scores, fixed(i64([], [2]))],
    [f32([2, 2], [0.4, 0.3, 8, 7]), i32([2, 2], [1, 2, 3, 1])],
    { axis: -1 },
  ),
  of(
    op.TopK,
    'of the smallest along rows',
    [scores, fixed(i64([], [1]))],
    [f32([1, 4], [0.1, 0.4, 0.3, 0.2]), i64([1, 4], [0, 0, 0, 0])],
    { axis: 0, mode: 'min', index_element_type: 'i64' },
  ),
  of(
    op.TopK,
    'in the order of positions',
    [f32([1, 4], [5, 7, 6, 8]), fixed(i32([], [3]))],
    [f32([1, 3], [7, 6, 8]), i32([1, 3], [1, 2, 3])],
    { axis: 1, sort: 'index' },
  ),
  of(
    op.TopK,
    'keeps the order of equal ones when stable',
    [f32([4], [1, 2, 2, 2]), fixed(i64([], [3]))],
    [f32([3], [2, 2, 2]), i32([3], [1, 2, 3])],
    { axis: 0, stable: true },
  ),
  of(op.TopK, 'of nothing', [f32([3], [1, 2, 3]), fixed(i64([], [0]))], [f32([0], []), i32([0], [])], { axis: 0 }),
  of(op.NonZero, 'of a matrix', [f32([2, 3], [1, 0, 0, 0, 2, -3])], i64([2, 3], [0, 1, 1, 0, 1, 2])),
  of(op.NonZero, 'of booleans', [bool([3], [0, 0, 0])], i32([1, 0], []), { output_type: 'i32' }),
  of(
    op.Unique,
    'of all elements',
    [f32([6], [3, 1, 3, 2, 1, 3])],
    [f32([3], [1, 2, 3]), i64([3], [1, 3, 0]), i64([6], [2, 0, 2, 1, 0, 2]), i64([3], [2, 1, 3])],
  ),
  of(
    op.Unique,
    'in the order of appearance',
    [i32([4], [5, 4, 5, 6])],
    [i32([3], [5, 4, 6]), i32([3], [0, 1, 3]), i32([4], [0, 1, 0, 2]), i32([3], [2, 1, 1])],
    { sorted: false, index_element_type: 'i32', count_element_type: 'i32' },
  ),
  of(
    op.Unique,
    'of a matrix is a vector',
    [i32([2, 2], [1, 2, 2, 1])],
    [i32([2], [1, 2]), i64([2], [0, 1]), i64([4], [0, 1, 1, 0]), i64([2], [2, 2])],
  ),
  of(
    op.Unique,
    'of rows',
    [i32([3, 2], [1, 2, 0, 1, 1, 2]), axis(0)],
    [i32([2, 2], [0, 1, 1, 2]), i64([2], [1, 0]), i64([3], [1, 0, 1]), i64([2], [1, 2])],
  ),
  of(
    op.OneHot,
    'with a new last axis',
    [i64([2], [2, 0]), axis(3), fixed(f32([], [1])), fixed(f32([], [0]))],
    f32([2, 3], [0, 0, 1, 1, 0, 0]),
    { axis: -1 },
  ),
  of(
    op.OneHot,
    'with a new first axis',
    [i32([2], [1, 5]), axis(2), fixed(i32([], [7])), fixed(i32([], [-7]))],
    i32([2, 2], [-7, -7, 7, -7]),
    { axis: 0 },
  ),
  of(op.Bucketize, 'with right bounds', [f32([4], [0, 1, 2.5, 9]), fixed(f32([3], [1, 2, 3]))], i64([4], [0, 0, 2, 3])),
  of(op.Bucketize, 'with left bounds', [f32([4], [0, 1, 2.5, 9]), fixed(f32([3], [1, 2, 3]))], i32([4], [0, 1, 2, 3]), {
    output_type: 'i32',
    with_right_bound: false,
  }),
  of(
    op.ReverseSequence,
    'of rows',
    [f32([2, 3], [1, 2, 3, 4, 5, 6]), i32([2], [2, 3])],
    f32([2, 3], [2, 1, 3, 6, 5, 4]),
  ),
  of(
    op.ReverseSequence,
    'of columns',
    [f32([3, 2], [1, 2, 3, 4, 5, 6]), i64([2], [1, 3])],
    f32([3, 2], [1, 6, 3, 4, 5, 2]),
    { batch_axis: 1, seq_axis: 0 },
  ),
];
