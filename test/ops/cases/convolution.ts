import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of } from '../op-case.ts';
import { axes, count, counting, f32 } from '../tensors.ts';

/** Expected numbers are the sums of products that the definitions in NumPy loops give. */
const one = counting([1, 1, 5, 5]);

const square = fixed(f32([1, 1, 2, 2], [1, 2, 3, 4]));

const nine = fixed(counting([1, 1, 3, 3]));

const plain = { strides: [1, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };

export const convolution: readonly OpCase[] = [
  of(
    op.Convolution,
    'without padding',
    [one, square],
    f32([1, 1, 4, 4], [41, 51, 61, 71, 91, 101, 111, 121, 141, 151, 161, 171, 191, 201, 211, 221]),
    plain,
  ),
  of(
    op.Convolution,
    'SAME over an odd size pads below',
    [one, square],
    f32([1, 1, 3, 3], [41, 61, 31, 141, 161, 71, 62, 68, 24]),
    { ...plain, strides: [2, 2], auto_pad: 'same_upper' },
  ),
  of(
    op.Convolution,
    'SAME over an odd size pads above',
    [one, square],
    f32([1, 1, 3, 3], [0, 11, 25, 50, 101, 121, 110, 201, 221]),
    { ...plain, strides: [2, 2], auto_pad: 'same_lower' },
  ),
  of(
    op.Convolution,
    'SAME of three over an even size',
    [counting([1, 1, 4, 4]), nine],
    f32([1, 1, 2, 2], [258, 186, 187, 113]),
    { ...plain, strides: [2, 2], auto_pad: 'same_upper' },
  ),
  of(op.Convolution, 'VALID ignores pads', [counting([1, 1, 2, 2]), square], f32([1, 1, 1, 1], [20]), {
    ...plain,
    pads_begin: [1, 1],
    pads_end: [1, 1],
    auto_pad: 'valid',
  }),
  of(
    op.Convolution,
    'with dilations and uneven pads',
    [one, square],
    f32([1, 1, 4, 5], [43, 50, 57, 24, 27, 82, 92, 102, 42, 46, 132, 142, 152, 62, 66, 182, 192, 202, 82, 86]),
    { strides: [1, 1], dilations: [2, 2], pads_begin: [1, 0], pads_end: [0, 2] },
  ),
  of(
    op.Convolution,
    'of batches and channels with uneven strides',
    [counting([2, 2, 3, 3]), fixed(counting([3, 2, 2, 2], -10))],
    f32(
      [2, 3, 2, 2],
      [
        -252, -304, -293, -323, 164, 176, 59, 61, 580, 656, 411, 445, -1188, -1240, -833, -863, 380, 392, 95, 97, 1948,
        2024, 1023, 1057,
      ],
    ),
    { strides: [2, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [1, 0] },
  ),
  of(
    op.Convolution,
    'of one spatial axis',
    [counting([1, 2, 5]), fixed(f32([1, 2, 3], [1, -1, 2, 0, 1, 3]))],
    f32([1, 1, 3], [25, 36, 8]),
    { strides: [2], dilations: [1], pads_begin: [1], pads_end: [1] },
  ),
  of(
    op.Convolution,
    'of three spatial axes',
    [counting([1, 1, 2, 2, 2]), fixed(f32([1, 1, 2, 2, 2], new Array<number>(8).fill(1)))],
    f32([1, 1, 1, 1, 1], [28]),
    { strides: [1, 1, 1], dilations: [1, 1, 1], pads_begin: [0, 0, 0], pads_end: [0, 0, 0] },
  ),
  of(
    op.GroupConvolution,
    'of two groups',
    [counting([1, 4, 3, 3]), fixed(counting([2, 1, 2, 2, 2], -5))],
    f32([1, 2, 2, 2], [8, -4, -28, -40, 1360, 1412, 1516, 1568]),
    plain,
  ),
  of(
    op.GroupConvolution,
    'of each channel, SAME',
    [counting([1, 2, 3, 3]), fixed(f32([2, 1, 1, 2, 2], [1, 0, 0, 1, 2, 1, 0, -1]))],
    f32([1, 2, 2, 2], [4, 2, 6, 8, 15, 22, 46, 34]),
    { ...plain, strides: [2, 2], auto_pad: 'same_upper' },
  ),
  of(
    op.GroupConvolution,
    'of each channel into two',
    [counting([1, 2, 3, 3]), fixed(f32([2, 2, 1, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0]))],
    f32([1, 4, 2, 2], [0, 1, 3, 4, 4, 5, 7, 8, 44, 48, 56, 60, 10, 11, 13, 14]),
    plain,
  ),
  of(
    op.ConvolutionBackpropData,
    'without padding',
    [counting([1, 1, 2, 2], 1), nine],
    f32([1, 1, 5, 5], [0, 1, 2, 2, 4, 3, 4, 11, 8, 10, 6, 10, 26, 18, 24, 9, 12, 27, 16, 20, 18, 21, 48, 28, 32]),
    { ...plain, strides: [2, 2] },
  ),
  of(
    op.ConvolutionBackpropData,
    'with pads and output padding',
    [counting([1, 1, 2, 2], 1), nine],
    f32([1, 1, 4, 4], [4, 11, 8, 10, 10, 26, 18, 24, 12, 27, 16, 20, 21, 48, 28, 32]),
    { strides: [2, 2], dilations: [1, 1], pads_begin: [1, 1], pads_end: [1, 1], output_padding: [1, 1] },
  ),
  of(
    op.ConvolutionBackpropData,
    'SAME to a given shape cuts above',
    [counting([1, 1, 2, 2], 1), nine, axes(4, 4)],
    f32([1, 1, 4, 4], [4, 11, 8, 10, 10, 26, 18, 24, 12, 27, 16, 20, 21, 48, 28, 32]),
    { ...plain, strides: [2, 2], auto_pad: 'same_upper' },
  ),
  of(
    op.ConvolutionBackpropData,
    'SAME to a given shape cuts below',
    [counting([1, 1, 2, 2], 1), nine, axes(4, 4)],
    f32([1, 1, 4, 4], [0, 1, 2, 2, 3, 4, 11, 8, 6, 10, 26, 18, 9, 12, 27, 16]),
    { ...plain, strides: [2, 2], auto_pad: 'same_lower' },
  ),
  of(
    op.ConvolutionBackpropData,
    'of channels',
    [counting([1, 2, 2, 2], 1), fixed(counting([2, 3, 2, 2], -5))],
    f32(
      [1, 3, 3, 3],
      [
        30, 68, 40, 76, 176, 104, 54, 124, 72, 54, 124, 72, 140, 320, 184, 94, 212, 120, 78, 180, 104, 204, 464, 264,
        134, 300, 168,
      ],
    ),
    plain,
  ),
  of(
    op.GroupConvolutionBackpropData,
    'of each channel',
    [counting([1, 2, 2, 2], 1), fixed(f32([2, 1, 1, 2, 2], [1, 2, 3, 4, -1, 0, 1, 2]))],
    f32(
      [1, 2, 4, 4],
      [1, 2, 2, 4, 3, 4, 6, 8, 3, 6, 4, 8, 9, 12, 12, 16, -5, 0, -6, 0, 5, 10, 6, 12, -7, 0, -8, 0, 7, 14, 8, 16],
    ),
    { ...plain, strides: [2, 2] },
  ),
  of(
    op.Convolution,
    'of filters that are no constant',
    [one, f32([2, 1, 5, 5], [...count([25]), ...new Array<number>(25).fill(1)])],
    f32([1, 2, 1, 1], [4900, 300]),
    plain,
  ),
];
