import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of, unfolded } from '../op-case.ts';
import { i32, i64, u8 } from '../tensors.ts';

const a = i32([4], [12, -1, 7, -8]);

const b = i32([4], [10, 5, 0, 3]);

export const bitwise: readonly OpCase[] = [
  of(op.BitwiseAnd, 'of i32', [a, b], i32([4], [8, 5, 0, 0])),
  of(op.BitwiseAnd, 'broadcasts', [u8([2, 1], [255, 240]), u8([2], [15, 51])], u8([2, 2], [15, 51, 0, 48])),
  of(op.BitwiseOr, 'of i32', [a, b], i32([4], [14, -1, 7, -5])),
  of(op.BitwiseXor, 'of i32', [a, b], i32([4], [6, -6, 7, -5])),
  unfolded(of(op.BitwiseXor, 'of i64', [i64([2], [6, -1]), i64([], [3])], i64([2], [5, -4]))),
  of(op.BitwiseLeftShift, 'of i32', [i32([3], [1, -3, 5]), i32([3], [4, 1, 0])], i32([3], [16, -6, 5])),
  of(op.BitwiseRightShift, 'keeps the sign', [i32([3], [16, -7, 5]), i32([3], [4, 1, 0])], i32([3], [1, -4, 5])),
  of(op.BitwiseNot, 'of i32', [i32([3], [0, -1, 6])], i32([3], [-1, 0, -7])),
  of(op.BitwiseNot, 'of u8', [u8([2], [0, 240])], u8([2], [255, 15])),
];
