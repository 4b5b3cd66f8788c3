import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of, unfolded } from '../op-case.ts';
import { f32, i64 } from '../tensors.ts';

const axes = (...values: readonly number[]) => fixed(i64([values.length], values));
const sizes = axes;

export const signal: readonly OpCase[] = [
  of(op.DFT, 'of one axis', [f32([2, 2], [1, 2, 3, -1]), axes(0)], f32([2, 2], [4, 1, -2, 3])),
  of(
    op.DFT,
    'of two axes, the first of which is counted from the end',
    [f32([2, 1, 2], [1, 2, 3, -1]), axes(-2, 1)],
    f32([2, 1, 2], [4, 1, -2, 3]),
  ),
  of(op.DFT, 'cropped', [f32([2, 2], [1, 2, 3, -1]), axes(0), sizes(1)], f32([1, 2], [1, 2])),
  of(op.IDFT, 'of one axis', [f32([2, 2], [4, 1, -2, 3]), axes(0)], f32([2, 2], [1, 2, 3, -1])),
  of(op.IDFT, 'padded', [f32([1, 2], [4, 2]), axes(0), sizes(2)], f32([2, 2], [2, 1, 2, 1])),
  of(op.RDFT, 'of one axis', [f32([1, 3], [1, 2, 3]), axes(1), sizes(2)], f32([1, 2, 2], [3, 0, -1, 0])),
  of(op.RDFT, 'of a whole axis', [f32([2], [1, 2]), axes(0)], f32([2, 2], [3, 0, -1, 0])),
  of(op.IRDFT, 'of one axis', [f32([1, 2, 2], [3, 0, -1, 0]), axes(1), sizes(2)], f32([1, 2], [1, 2])),
  of(op.IRDFT, 'of a whole axis', [f32([2, 2], [3, 0, -1, 0]), axes(0)], f32([2], [1, 2])),
].map(unfolded);
