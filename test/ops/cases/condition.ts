import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of } from '../op-case.ts';
import { bool, f32, i32, i64 } from '../tensors.ts';

export const condition: readonly OpCase[] = [
  of(op.Select, 'of elements', [bool([3], [1, 0, 1]), f32([3], [1, 2, 3]), f32([3], [4, 5, 6])], f32([3], [1, 5, 3])),
  of(
    op.Select,
    'broadcasts all three',
    [bool([2, 1], [1, 0]), f32([3], [1, 2, 3]), f32([], [0])],
    f32([2, 3], [1, 2, 3, 0, 0, 0]),
  ),
  of(op.Select, 'of whole tensors by a scalar', [bool([], [0]), i64([2], [1, 2]), i64([2], [3, 4])], i64([2], [3, 4])),
  of(op.NonZero, 'of a matrix', [f32([2, 3], [1, 0, 0, 0, 2, -3])], i64([2, 3], [0, 1, 1, 0, 1, 2])),
  of(op.NonZero, 'of booleans', [bool([3], [0, 0, 0])], i32([1, 0], []), { output_type: 'i32' }),
  of(op.Bucketize, 'with right bounds', [f32([4], [0, 1, 2.5, 9]), fixed(f32([3], [1, 2, 3]))], i64([4], [0, 0, 2, 3])),
  of(op.Bucketize, 'with left bounds', [f32([4], [0, 1, 2.5, 9]), fixed(f32([3], [1, 2, 3]))], i32([4], [0, 1, 2, 3]), {
    output_type: 'i32',
    with_right_bound: false,
  }),
];
