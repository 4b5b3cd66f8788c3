import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of } from '../op-case.ts';
import { f32, i32, i64 } from '../tensors.ts';

export const generation: readonly OpCase[] = [
  of(op.Range, 'of integers', [i32([], [2]), i32([], [9]), i32([], [3])], i32([3], [2, 5, 8]), { output_type: 'i32' }),
  of(op.Range, 'backwards', [i64([], [3]), i64([], [0]), i64([], [-1])], i64([3], [3, 2, 1]), { output_type: 'i64' }),
  of(op.Range, 'of nothing', [i32([], [3]), i32([], [3]), i32([], [1])], i32([0], []), { output_type: 'i32' }),
  of(op.Range, 'of reals', [f32([], [0]), f32([], [1]), f32([], [0.25])], f32([4], [0, 0.25, 0.5, 0.75]), {
    output_type: 'f32',
  }),
];
