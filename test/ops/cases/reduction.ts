import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, foldedOnly, of, unfolded } from '../op-case.ts';
import { axes, axis, bool, count, f32, i32, i64 } from '../tensors.ts';

/** 0..11 in three axes. */
const x = f32([2, 3, 2], count([2, 3, 2]));

const truth = bool([2, 3], [1, 1, 1, 1, 0, 0]);

export const reduction: readonly OpCase[] = [
  of(op.ReduceSum, 'along a middle axis', [x, axes(1)], f32([2, 2], [6, 9, 24, 27])),
  of(op.ReduceSum, 'along several axes', [x, axes(0, 2)], f32([3], [14, 22, 30])),
  of(op.ReduceSum, 'along an axis from the end', [x, axis(-1)], f32([2, 3], [1, 5, 9, 13, 17, 21])),
  of(op.ReduceSum, 'keeps axes', [x, axes(-1, 0)], f32([1, 3, 1], [14, 22, 30]), { keep_dims: true }),
  // OpenVINO's CPU does not compile this one; the simplify pass leaves none.
  foldedOnly(of(op.ReduceSum, 'along no axis', [x, axes()], x)),
  of(op.ReduceSum, 'along all axes', [x, axes(0, 1, 2)], f32([], [66])),
  of(op.ReduceSum, 'of nothing', [f32([2, 0], []), axes(1)], f32([2], [0, 0])),
  of(op.ReduceSum, 'of i64', [i64([2, 2], [1, -2, 3, -4]), axes(0)], i64([2], [4, -6])),
  of(op.ReduceProd, 'of reals', [f32([2, 2], [1, 2, 3, 4]), axes(1)], f32([2], [2, 12])),
  of(op.ReduceProd, 'of integers', [i32([3], [2, -3, 4]), axes(0)], i32([], [-24])),
  of(op.ReduceMax, 'of reals', [f32([2, 2], [-1, -2, 3, 4]), axes(1)], f32([2], [-1, 4])),
  of(op.ReduceMax, 'of integers', [i32([2, 2], [-7, -5, 3, 4]), axes(0)], i32([2], [3, 4])),
  unfolded(of(op.ReduceMax, 'of nothing', [i32([2, 0], []), axes(1)], i32([2], [-(2 ** 31), -(2 ** 31)]))),
  of(op.ReduceMin, 'of reals', [f32([2, 2], [-1, -2, 3, 4]), axes(1)], f32([2], [-2, 3])),
  of(op.ReduceMin, 'of i64', [i64([2, 2], [-7, 5, 3, 4]), axes(-2)], i64([2], [-7, 4])),
  of(op.ReduceMean, 'of reals', [x, axes(1, 2)], f32([2], [2.5, 8.5])),
  of(op.ReduceMean, 'keeps axes', [x, axes(2)], f32([2, 3, 1], [0.5, 2.5, 4.5, 6.5, 8.5, 10.5]), { keep_dims: true }),
  of(op.ReduceLogicalAnd, 'of booleans', [truth, axes(1)], bool([2], [1, 0])),
  of(op.ReduceLogicalOr, 'of booleans', [truth, axes(0)], bool([3], [1, 1, 1])),
  of(op.ReduceLogicalOr, 'keeps axes', [bool([2, 2], [0, 0, 0, 1]), axes(1)], bool([2, 1], [0, 1]), {
    keep_dims: true,
  }),
  of(op.ReduceL1, 'of reals', [f32([2, 2], [-1, -2, 3, -4]), axes(1)], f32([2], [3, 7])),
  of(op.ReduceL2, 'of reals', [f32([2, 2], [3, -4, 5, 12]), axes(1)], f32([2], [5, 13])),
];
