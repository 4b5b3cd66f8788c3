import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of } from '../op-case.ts';
import { counting, f32 } from '../tensors.ts';

const a = counting([2, 3], 1);

const b = counting([3, 2], 1);

export const matrix: readonly OpCase[] = [
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
];
