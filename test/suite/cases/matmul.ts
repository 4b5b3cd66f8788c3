import * as op from '../../../src/ov/ops/matmul.ts';
import { type OpCase, of, unfolded } from '../op-case.ts';
import { axes, axis, counting, f32, i32, i64 } from '../tensors.ts';

const a = counting([2, 3], 1);
const b = counting([3, 2], 1);
const rows = f32([2, 3], [1, 2, 3, 1, 1, 1]);

export const matmul: readonly OpCase[] = [
  of(op.MatMul, 'of matrices', [a, b], f32([2, 2], [22, 28, 49, 64])),
  of(op.MatMul, 'with a transposed', [a, counting([2, 2], 1)], f32([3, 2], [13, 18, 17, 24, 21, 30]), {
    transpose_a: true,
  }),
  of(op.MatMul, 'with b transposed', [a, counting([2, 3], 1)], f32([2, 2], [14, 32, 32, 77]), { transpose_b: true }),
  of(op.MatMul, 'of vectors', [f32([3], [1, 2, 3]), f32([3], [4, 5, 6])], f32([], [32])),
  of(op.MatMul, 'of a vector and a matrix', [f32([3], [1, 0, 2]), b], f32([2], [11, 14])),
  of(op.MatMul, 'of a matrix and a vector', [a, f32([3], [1, 0, 2])], f32([2], [7, 16])),
  of(
    op.MatMul,
    'in batches',
    [counting([2, 2, 2]), f32([2, 2], [1, 0, 1, 1])],
    f32([2, 2, 2], [1, 1, 5, 3, 9, 5, 13, 7]),
  ),
  of(
    op.Einsum,
    'of a batch and a matrix',
    [counting([2, 2, 2]), f32([2, 2], [1, 2, 3, 4])],
    f32([2, 2, 2], [3, 4, 11, 16, 19, 28, 27, 40]),
    { equation: 'abc,cd->abd' },
  ),
  of(op.Inverse, 'of a matrix', [f32([2, 2], [4, 2, 1, 1])], f32([2, 2], [0.5, -1, -0.5, 2])),
  of(op.Einsum, 'transposes', [a], f32([3, 2], [1, 4, 2, 5, 3, 6]), { equation: 'ij->ji' }),
  of(
    op.SoftMax,
    'along the last axis',
    [rows],
    f32([2, 3], [0.0900305732, 0.244728471, 0.665240956, 0.333333333, 0.333333333, 0.333333333]),
    { axis: -1 },
  ),
  of(
    op.SoftMax,
    'along the first axis',
    [rows],
    f32([2, 3], [0.5, 0.731058579, 0.880797078, 0.5, 0.268941421, 0.119202922]),
    { axis: 0 },
  ),
  of(
    op.LogSoftmax,
    'along an axis',
    [rows],
    f32([2, 3], [-2.40760596, -1.40760596, -0.407605964, -1.09861229, -1.09861229, -1.09861229]),
  ),
  of(op.CumSum, 'of a vector', [f32([3], [1, 2, 3]), axis(0)], f32([3], [1, 3, 6])),
  of(op.CumSum, 'exclusive', [i64([3], [1, 2, 3]), axis(0)], i64([3], [0, 1, 3]), { exclusive: true }),
  of(op.CumSum, 'in reverse', [i32([3], [1, 2, 3]), axis(-1)], i32([3], [6, 5, 3]), { reverse: true }),
  of(op.CumSum, 'exclusive in reverse', [f32([3], [1, 2, 3]), axis(0)], f32([3], [5, 3, 0]), {
    exclusive: true,
    reverse: true,
  }),
  unfolded(of(op.CumSum, 'of columns', [a, axis(0)], f32([2, 3], [1, 2, 3, 5, 7, 9]))),
  of(
    op.LRN,
    'over channels',
    [f32([1, 4, 1, 1], [1, 2, 3, 4]), axes(1)],
    f32([1, 4, 1, 1], [0.737787946, 1.03722163, 1.0809928, 1.56317989]),
    { alpha: 0.3, beta: 0.75, bias: 1, size: 3 },
  ),
  of(
    op.LRN,
    'over five channels',
    [f32([1, 4, 1, 1], [1, 2, 3, 4]), axes(1)],
    f32([1, 4, 1, 1], [0.542326145, 0.894427191, 1.34164079, 1.80701581]),
    { alpha: 0.5, beta: 0.5, bias: 2, size: 5 },
  ),
];
