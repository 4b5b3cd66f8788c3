import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of } from '../op-case.ts';
import { bool, f32, i32, i64, i8, vector } from '../tensors.ts';

const p = bool([4], [0, 0, 1, 1]);

const q = bool([4], [0, 1, 0, 1]);

const a = f32([4], [1, 2, 3, -1]);

const b = f32([4], [2, 2, 2, 2]);

const special = vector(1, -Infinity, NaN, Infinity, 0);

export const comparison: readonly OpCase[] = [
  of(op.Equal, 'of reals', [a, b], bool([4], [0, 1, 0, 0])),
  of(op.Equal, 'of booleans', [p, q], bool([4], [1, 0, 0, 1])),
  of(op.NotEqual, 'broadcasts', [i32([2, 1], [1, 2]), i32([2], [1, 3])], bool([2, 2], [0, 1, 1, 1])),
  of(op.Less, 'of reals', [a, b], bool([4], [1, 0, 0, 1])),
  of(op.LessEqual, 'of reals', [a, b], bool([4], [1, 1, 0, 1])),
  of(op.Greater, 'of reals', [a, b], bool([4], [0, 0, 1, 0])),
  of(op.Greater, 'of i8', [i8([2], [-1, 1]), i8([2], [0, 0])], bool([2], [0, 1])),
  of(op.GreaterEqual, 'of i64', [i64([3], [1, 2, 3]), i64([], [2])], bool([3], [0, 1, 1])),
  of(op.IsFinite, 'of special numbers', [special], bool([5], [1, 0, 0, 0, 1])),
  of(op.IsNan, 'of special numbers', [special], bool([5], [0, 0, 1, 0, 0])),
  of(op.IsInf, 'of special numbers', [special], bool([5], [0, 1, 0, 1, 0])),
  of(op.IsInf, 'of one sign', [special], bool([5], [0, 0, 0, 1, 0]), { detect_negative: false }),
];
