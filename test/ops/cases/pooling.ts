import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of } from '../op-case.ts';
import { counting, f32, i32, i64 } from '../tensors.ts';

const four = counting([1, 1, 4, 4]);

const five = counting([1, 1, 5, 5]);

const negative = f32(
  [1, 1, 5, 5],
  Array.from({ length: 25 }, (_, i) => -i - 1),
);

const halves = { kernel: [2, 2], strides: [2, 2], pads_begin: [0, 0], pads_end: [0, 0] };

export const pooling: readonly OpCase[] = [
  of(op.MaxPool, 'in squares', [four], f32([1, 1, 2, 2], [5, 7, 13, 15]), halves),
  of(op.MaxPool, 'cuts the rest', [five], f32([1, 1, 2, 2], [6, 8, 16, 18]), halves),
  of(op.MaxPool, 'rounds up', [five], f32([1, 1, 3, 3], [6, 8, 9, 16, 18, 19, 21, 23, 24]), {
    ...halves,
    rounding_type: 'ceil',
  }),
  of(op.MaxPool, 'SAME over an odd size', [five], f32([1, 1, 3, 3], [6, 8, 9, 16, 18, 19, 21, 23, 24]), {
    ...halves,
    auto_pad: 'same_upper',
  }),
  of(op.MaxPool, 'SAME with pads above', [five], f32([1, 1, 3, 3], [0, 2, 4, 10, 12, 14, 20, 22, 24]), {
    ...halves,
    auto_pad: 'same_lower',
  }),
  of(
    op.MaxPool,
    'pads with nothing, not with zero',
    [negative],
    f32([1, 1, 3, 3], [-1, -2, -4, -6, -7, -9, -16, -17, -19]),
    { kernel: [3, 3], strides: [2, 2], pads_begin: [1, 1], pads_end: [1, 1] },
  ),
  of(op.MaxPool, 'VALID ignores pads', [four], f32([1, 1, 2, 2], [5, 7, 13, 15]), {
    ...halves,
    pads_begin: [1, 1],
    auto_pad: 'valid',
  }),
  of(op.MaxPool, 'along one axis', [f32([1, 1, 4], [3, 1, 2, 5])], f32([1, 1, 3], [3, 2, 5]), {
    kernel: [2],
    strides: [1],
    pads_begin: [0],
    pads_end: [0],
  }),
  of(
    op.MaxPoolWithIndices,
    'tells positions',
    [four],
    [f32([1, 1, 2, 2], [5, 7, 13, 15]), i64([1, 1, 2, 2], [5, 7, 13, 15])],
    { ...halves, dilations: [1, 1] },
  ),
  of(
    op.MaxPoolWithIndices,
    'with dilations',
    [five],
    [f32([1, 1, 3, 3], [12, 13, 14, 17, 18, 19, 22, 23, 24]), i32([1, 1, 3, 3], [12, 13, 14, 17, 18, 19, 22, 23, 24])],
    {
      kernel: [2, 2],
      strides: [1, 1],
      dilations: [2, 2],
      pads_begin: [0, 0],
      pads_end: [0, 0],
      index_element_type: 'i32',
    },
  ),
  of(op.AvgPool, 'SAME counts what is there', [four], f32([1, 1, 2, 2], [5, 6.5, 11, 12.5]), {
    kernel: [3, 3],
    strides: [2, 2],
    pads_begin: [0, 0],
    pads_end: [0, 0],
    auto_pad: 'same_upper',
    'exclude-pad': true,
  }),
  of(op.AvgPool, 'counts pads', [four], f32([1, 1, 3, 3], [0, 0.75, 0.75, 3, 7.5, 4.5, 3, 6.75, 3.75]), {
    ...halves,
    pads_begin: [1, 1],
    pads_end: [1, 1],
    'exclude-pad': false,
  }),
  of(op.AvgPool, 'leaves pads out', [four], f32([1, 1, 3, 3], [0, 1.5, 3, 6, 7.5, 9, 12, 13.5, 15]), {
    ...halves,
    pads_begin: [1, 1],
    pads_end: [1, 1],
    'exclude-pad': true,
  }),
];
