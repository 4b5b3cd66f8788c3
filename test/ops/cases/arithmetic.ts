import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, foldedOnly, of, unfolded } from '../op-case.ts';
import { axis, counting, f16, f32, i32, i64, u8, vector } from '../tensors.ts';

const column = f32([2, 1], [1, 2]);

const row = f32([3], [10, 20, 30]);

/** Every pair of signs, with and without a rest. */
const dividends = [7, -7, 7, -7, 6, -6, 0];

const divisors = [2, 2, -2, -2, 3, 3, 5];

const a = counting([2, 3], 1);

/** The numbers below are NumPy's for these nine, in double precision. */
const x = f32([9], [-4, -2.5, -1, -0.5, 0, 0.5, 1, 2.5, 4]);

const halves = vector(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, -2.6);

export const arithmetic: readonly OpCase[] = [
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
  of(op.CumSum, 'of a vector', [f32([3], [1, 2, 3]), axis(0)], f32([3], [1, 3, 6])),
  of(op.CumSum, 'exclusive', [i64([3], [1, 2, 3]), axis(0)], i64([3], [0, 1, 3]), { exclusive: true }),
  of(op.CumSum, 'in reverse', [i32([3], [1, 2, 3]), axis(-1)], i32([3], [6, 5, 3]), { reverse: true }),
  of(op.CumSum, 'exclusive in reverse', [f32([3], [1, 2, 3]), axis(0)], f32([3], [5, 3, 0]), {
    exclusive: true,
    reverse: true,
  }),
  unfolded(of(op.CumSum, 'of columns', [a, axis(0)], f32([2, 3], [1, 2, 3, 5, 7, 9]))),
  of(op.Abs, 'of reals', [vector(-1.5, 0, 2)], vector(1.5, 0, 2)),
  of(op.Abs, 'of i32', [i32([2], [-3, 3])], i32([2], [3, 3])),
  of(op.Abs, 'of an empty tensor', [f32([2, 0], [])], f32([2, 0], [])),
  of(op.Acos, 'of reals', [vector(-1, -0.5, 0, 0.5, 1)], vector(3.14159265, 2.0943951, 1.57079633, 1.04719755, 0)),
  of(op.Acosh, 'of reals', [vector(1, 1.5, 2, 10)], vector(0, 0.96242365, 1.3169579, 2.99322285)),
  of(op.Asin, 'of reals', [vector(-1, -0.5, 0, 0.5, 1)], vector(-1.57079633, -0.523598776, 0, 0.523598776, 1.57079633)),
  of(
    op.Asinh,
    'of reals',
    [x],
    vector(-2.09471255, -1.64723115, -0.881373587, -0.481211825, 0, 0.481211825, 0.881373587, 1.64723115, 2.09471255),
  ),
  of(
    op.Atan,
    'of reals',
    [x],
    vector(-1.32581766, -1.19028995, -0.785398163, -0.463647609, 0, 0.463647609, 0.785398163, 1.19028995, 1.32581766),
  ),
  of(
    op.Atanh,
    'of reals',
    [vector(-0.8, -0.4, 0, 0.4, 0.8)],
    vector(-1.09861229, -0.42364893, 0, 0.42364893, 1.09861229),
  ),
  of(op.Ceiling, 'of reals', [vector(-1.5, -0.2, 0, 0.2, 1)], vector(-1, -0, 0, 1, 1)),
  of(
    op.Cos,
    'of reals',
    [x],
    vector(
      -0.653643621,
      -0.801143616,
      0.540302306,
      0.877582562,
      1,
      0.877582562,
      0.540302306,
      -0.801143616,
      -0.653643621,
    ),
  ),
  of(
    op.Cosh,
    'of reals',
    [x],
    vector(27.3082328, 6.13228948, 1.54308063, 1.12762597, 1, 1.12762597, 1.54308063, 6.13228948, 27.3082328),
  ),
  of(op.Floor, 'of reals', [vector(-1.5, -0.2, 0, 0.2, 1)], vector(-2, -1, 0, 0, 1)),
  of(op.Log, 'of reals', [vector(0.5, 1, 2, 10)], vector(-0.693147181, 0, 0.693147181, 2.30258509)),
  of(op.Sign, 'of reals', [vector(-2, 0, 3)], vector(-1, 0, 1)),
  of(op.Sign, 'of i32', [i32([3], [-2, 0, 3])], i32([3], [-1, 0, 1])),
  of(
    op.Sin,
    'of reals',
    [x],
    vector(
      0.756802495,
      -0.598472144,
      -0.841470985,
      -0.479425539,
      0,
      0.479425539,
      0.841470985,
      0.598472144,
      -0.756802495,
    ),
  ),
  of(
    op.Sinh,
    'of reals',
    [x],
    vector(-27.2899172, -6.05020448, -1.17520119, -0.521095305, 0, 0.521095305, 1.17520119, 6.05020448, 27.2899172),
  ),
  of(op.Sqrt, 'of reals', [vector(0, 0.25, 2)], vector(0, 0.5, 1.41421356)),
  of(
    op.Tan,
    'of reals',
    [x],
    vector(-1.15782128, 0.747022297, -1.55740772, -0.54630249, 0, 0.54630249, 1.55740772, -0.747022297, 1.15782128),
  ),
  of(
    op.Tanh,
    'of reals',
    [x],
    vector(-0.9993293, -0.986614298, -0.761594156, -0.462117157, 0, 0.462117157, 0.761594156, 0.986614298, 0.9993293),
  ),
  of(op.Negative, 'of reals', [vector(-1.5, 0, 2)], vector(1.5, 0, -2)),
  of(op.Negative, 'of i64', [i64([2], [-3, 4])], i64([2], [3, -4])),
  of(
    op.Erf,
    'of reals',
    [x],
    vector(
      -0.999999985,
      -0.999593048,
      -0.842700793,
      -0.520499878,
      0,
      0.520499878,
      0.842700793,
      0.999593048,
      0.999999985,
    ),
  ),
  of(op.Round, 'half to even', [halves], vector(-2, -2, 0, 0, 2, 2, 2, -3)),
  of(op.Round, 'half away from zero', [halves], vector(-3, -2, -1, 1, 2, 3, 2, -3), { mode: 'half_away_from_zero' }),
];
