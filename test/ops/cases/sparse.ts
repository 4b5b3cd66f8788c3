import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of } from '../op-case.ts';
import { counting, f32, i32, i64 } from '../tensors.ts';

const rows = counting([4, 3]);

export const sparse: readonly OpCase[] = [
  of(
    op.EmbeddingBagPackedSum,
    'of weighted rows',
    [rows, i32([3, 2], [0, 3, 2, 2, 1, 0]), f32([3, 2], [1, 2, 0.5, 0.25, -1, 0])],
    f32([3, 3], [18, 21, 24, 4.5, 5.25, 6, -3, -4, -5]),
  ),
  of(
    op.EmbeddingBagPackedSum,
    'without weights',
    [rows, i64([2, 3], [0, 1, 2, 3, 3, 3])],
    f32([2, 3], [9, 12, 15, 27, 30, 33]),
  ),
  of(
    op.EmbeddingBagPackedSum,
    'of matrices',
    [counting([2, 2, 2]), i64([1, 2], [1, 0]), f32([1, 2], [2, 1])],
    f32([1, 2, 2], [8, 11, 14, 17]),
  ),
];
