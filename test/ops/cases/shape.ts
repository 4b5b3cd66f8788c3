import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of } from '../op-case.ts';
import { axes, counting, f32, i32, i64, u8 } from '../tensors.ts';

const x = counting([2, 3, 4]);

export const shape: readonly OpCase[] = [
  of(op.Reshape, 'to a known shape', [x, axes(4, 6)], counting([4, 6])),
  of(op.Reshape, 'with a size left open', [x, axes(-1, 8)], counting([3, 8])),
  of(op.Reshape, 'to a vector', [x, axes(-1)], counting([24])),
  of(op.Reshape, 'to a scalar', [f32([1, 1], [7]), axes()], f32([], [7])),
  of(op.Reshape, 'of a scalar', [f32([], [7]), axes(1, -1)], f32([1, 1], [7])),
  of(op.Reshape, 'copies sizes for 0', [x, axes(0, -1)], counting([2, 12]), { special_zero: true }),
  of(op.Reshape, 'of an empty tensor', [f32([0, 3], []), axes(3, 0)], f32([3, 0], [])),
  of(op.Reshape, 'of u8', [u8([4], [1, 2, 3, 255]), axes(2, 2)], u8([2, 2], [1, 2, 3, 255])),
  of(op.Unsqueeze, 'in front', [x, axes(0)], counting([1, 2, 3, 4])),
  of(op.Unsqueeze, 'at the end and within', [x, axes(-1, 1)], counting([2, 1, 3, 4, 1])),
  of(op.Unsqueeze, 'of a scalar', [f32([], [7]), axes(0)], f32([1], [7])),
  of(op.Squeeze, 'of one axis', [counting([1, 3, 1]), axes(0)], counting([3, 1])),
  of(op.Squeeze, 'of an axis from the end', [counting([1, 3, 1]), axes(-1)], counting([1, 3])),
  of(op.Squeeze, 'to a scalar', [i64([1, 1], [5]), axes(0, 1)], i64([], [5])),
  of(op.ShapeOf, 'of a matrix', [counting([2, 3])], i64([2], [2, 3])),
  of(op.ShapeOf, 'as i32', [counting([2, 0])], i32([2], [2, 0]), { output_type: 'i32' }),
  of(op.ShapeOf, 'of a scalar', [f32([], [1])], i64([0], [])),
  of(op.Reshape, 'by i32', [x, fixed(i32([2], [6, 4]))], counting([6, 4])),
];
