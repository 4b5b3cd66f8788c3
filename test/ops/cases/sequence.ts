import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of } from '../op-case.ts';
import { axis, f32, i32, i64 } from '../tensors.ts';

export const sequence: readonly OpCase[] = [
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
];
