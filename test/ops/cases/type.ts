import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of, unfolded } from '../op-case.ts';
import { bool, f16, i32, i64, i8, u8, vector } from '../tensors.ts';

export const type: readonly OpCase[] = [
  of(op.Convert, 'cuts fractions', [vector(-1.7, -0.2, 0.2, 1.7)], i32([4], [-1, 0, 0, 1]), {
    destination_type: 'i32',
  }),
  of(op.Convert, 'of integers to reals', [i64([2], [-3, 2 ** 24])], vector(-3, 2 ** 24), { destination_type: 'f32' }),
  of(op.Convert, 'of u8 to reals', [u8([2], [0, 255])], vector(0, 255), { destination_type: 'f32' }),
  of(op.Convert, 'of booleans', [bool([2], [0, 1])], vector(0, 1), { destination_type: 'f32' }),
  of(op.Convert, 'to booleans', [vector(0, 0.3, -2, 1)], bool([4], [0, 1, 1, 1]), { destination_type: 'boolean' }),
  of(op.Convert, 'of integers to booleans', [i32([3], [0, 256, -1])], bool([3], [0, 1, 1]), {
    destination_type: 'boolean',
  }),
  of(op.Convert, 'to f16', [vector(1, 0.1, 2049)], f16([3], [1, 0.1, 2048]), { destination_type: 'f16' }),
  of(op.Convert, 'between integers', [i64([3], [-1, 5, 127])], i8([3], [-1, 5, 127]), { destination_type: 'i8' }),
  unfolded(
    of(op.Convert, 'of compressed weights', [f16([2], [1, 0.5])], vector(1, 0.5), {
      destination_type: 'f32',
      decompression: true,
    }),
  ),
  of(op.ConvertLike, 'takes the type alone', [vector(1.5, -2.5), fixed(i32([1], [0]))], i32([2], [1, -2])),
];
