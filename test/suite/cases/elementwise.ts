import * as op from '../../../src/ov/ops/elementwise.ts';
import { foldedOnly, type OpCase, of } from '../op-case.ts';
import { bool, f16, f32, i32, i64, i8, u8 } from '../tensors.ts';

const column = f32([2, 1], [1, 2]);
const row = f32([3], [10, 20, 30]);
const p = bool([4], [0, 0, 1, 1]);
const q = bool([4], [0, 1, 0, 1]);
const a = f32([4], [1, 2, 3, -1]);
const b = f32([4], [2, 2, 2, 2]);

/** Every pair of signs, with and without a rest. */
const dividends = [7, -7, 7, -7, 6, -6, 0];
const divisors = [2, 2, -2, -2, 3, 3, 5];

export const elementwise: readonly OpCase[] = [
  of(op.Add, 'broadcasts both ways', [column, row], f32([2, 3], [11, 21, 31, 12, 22, 32])),
  of(op.Add, 'of scalars', [f32([], [1.5]), f32([], [2])], f32([], [3.5])),
  of(op.Add, 'of a scalar and an empty tensor', [f32([], [1]), f32([0, 3], [])], f32([0, 3], [])),
  of(op.Add, 'of i64', [i64([2], [2 ** 30, -5]), i64([2], [1, 5])], i64([2], [2 ** 30 + 1, 0])),
  of(op.Add, 'of f16', [f16([2], [1, 2048]), f16([2], [0.5, 3])], f16([2], [1.5, 2051])),
  of(op.Subtract, 'keeps the order', [row, column], f32([2, 3], [9, 19, 29, 8, 18, 28])),
  of(op.Subtract, 'of i32', [i32([2], [1, -1]), i32([1], [3])], i32([2], [-2, -4])),
  of(op.Multiply, 'broadcasts', [column, row], f32([2, 3], [10, 20, 30, 20, 40, 60])),
  of(op.Multiply, 'of i32', [i32([3], [-2, 0, 3]), i32([], [-4])], i32([3], [8, 0, -12])),
  of(op.Divide, 'of reals', [f32([3], [1, -3, 5]), f32([], [2])], f32([3], [0.5, -1.5, 2.5])),
  of(op.Divide, 'of integers', [i32([3], [7, 6, 0]), i32([3], [2, -3, 5])], i32([3], [3, -2, 0])),
  // OpenVINO's CPU cuts whatever m_pythondiv says; its own constants it divides as we do.
  foldedOnly(
    of(
      op.Divide,
      'of integers rounds down',
      [i32([7], dividends), i32([7], divisors)],
      i32([7], [3, -4, -4, 3, 2, -2, 0]),
    ),
  ),
  of(
    op.Divide,
    'of integers cuts without m_pythondiv',
    [i32([7], dividends), i32([7], divisors)],
    i32([7], [3, -3, -3, 3, 2, -2, 0]),
    { m_pythondiv: false },
  ),
  of(op.Divide, 'of u8', [u8([3], [255, 7, 0]), u8([], [2])], u8([3], [127, 3, 0])),
  of(op.Maximum, 'broadcasts', [column, f32([3], [0, 1.5, 3])], f32([2, 3], [1, 1.5, 3, 2, 2, 3])),
  of(op.Maximum, 'of i64', [i64([2], [-3, 4]), i64([], [0])], i64([2], [0, 4])),
  of(op.Minimum, 'broadcasts', [column, f32([3], [0, 1.5, 3])], f32([2, 3], [0, 1, 1, 0, 1.5, 2])),
  of(op.Minimum, 'of u8', [u8([2], [200, 3]), u8([], [100])], u8([2], [100, 3])),
  of(op.Power, 'of reals', [f32([4], [2, 9, 4, 5]), f32([4], [3, 0.5, -1, 0])], f32([4], [8, 3, 0.25, 1])),
  of(op.Power, 'of integers', [i32([3], [2, -3, 5]), i32([3], [10, 3, 0])], i32([3], [1024, -27, 1])),
  of(op.SquaredDifference, 'broadcasts', [column, f32([2], [3, -1])], f32([2, 2], [4, 4, 1, 9])),
  of(
    op.Mod,
    'has the sign of the dividend',
    [i32([7], dividends), i32([7], divisors)],
    i32([7], [1, -1, 1, -1, 0, 0, 0]),
  ),
  of(op.Mod, 'of reals', [f32([2], [5.5, -5.5]), f32([], [2])], f32([2], [1.5, -1.5])),
  of(
    op.FloorMod,
    'has the sign of the divisor',
    [i32([7], dividends), i32([7], divisors)],
    i32([7], [1, 1, -1, -1, 0, 0, 0]),
  ),
  of(op.FloorMod, 'of reals', [f32([3], [5.5, -5.5, 5.5]), f32([3], [2, 2, -2])], f32([3], [1.5, 0.5, -0.5])),
  of(op.Equal, 'of reals', [a, b], bool([4], [0, 1, 0, 0])),
  of(op.Equal, 'of booleans', [p, q], bool([4], [1, 0, 0, 1])),
  of(op.NotEqual, 'broadcasts', [i32([2, 1], [1, 2]), i32([2], [1, 3])], bool([2, 2], [0, 1, 1, 1])),
  of(op.Less, 'of reals', [a, b], bool([4], [1, 0, 0, 1])),
  of(op.LessEqual, 'of reals', [a, b], bool([4], [1, 1, 0, 1])),
  of(op.Greater, 'of reals', [a, b], bool([4], [0, 0, 1, 0])),
  of(op.Greater, 'of i8', [i8([2], [-1, 1]), i8([2], [0, 0])], bool([2], [0, 1])),
  of(op.GreaterEqual, 'of i64', [i64([3], [1, 2, 3]), i64([], [2])], bool([3], [0, 1, 1])),
  of(op.LogicalAnd, 'is a table', [p, q], bool([4], [0, 0, 0, 1])),
  of(op.LogicalOr, 'is a table', [p, q], bool([4], [0, 1, 1, 1])),
  of(op.LogicalXor, 'is a table', [p, q], bool([4], [0, 1, 1, 0])),
];
