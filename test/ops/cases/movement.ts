import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of, unfolded } from '../op-case.ts';
import { axes, axis, bool, count, counting, f32, i32, i64, u8 } from '../tensors.ts';

const x = f32([2, 1], [1, 2]);

const patch = { sizes: [2, 2], strides: [1, 1], rates: [1, 1] };

const joined = counting([2, 4]);

export const movement: readonly OpCase[] = [
  of(op.Tile, 'along every axis', [f32([1, 2], [1, 2]), axes(2, 2)], f32([2, 4], [1, 2, 1, 2, 1, 2, 1, 2])),
  of(op.Tile, 'into more axes', [f32([2], [1, 2]), axes(2, 1, 2)], f32([2, 1, 4], [1, 2, 1, 2, 1, 2, 1, 2])),
  of(op.Tile, 'by fewer repeats than axes', [x, axes(2)], f32([2, 2], [1, 1, 2, 2])),
  of(op.Tile, 'by nothing', [f32([2], [1, 2]), axes(0)], f32([0], [])),
  of(op.Broadcast, 'to a shape', [x, axes(2, 3)], f32([2, 3], [1, 1, 1, 2, 2, 2])),
  of(op.Broadcast, 'into more axes', [i64([2], [1, 2]), axes(2, 2)], i64([2, 2], [1, 2, 1, 2])),
  of(op.Broadcast, 'of a scalar', [bool([], [1]), axes(2, 1)], bool([2, 1], [1, 1])),
  of(op.Broadcast, 'of one boolean to nothing', [bool([1], [1]), axes(0)], bool([0], [])),
  of(op.Broadcast, 'both ways', [x, axes(1, 3)], f32([2, 3], [1, 1, 1, 2, 2, 2]), { mode: 'bidirectional' }),
  of(op.Broadcast, 'both ways to fewer axes', [x, axes(2)], f32([2, 2], [1, 1, 2, 2]), { mode: 'bidirectional' }),
  of(
    op.Pad,
    'with a constant',
    [f32([1, 2], [1, 2]), axes(1, 0), axes(0, 2), fixed(f32([], [9]))],
    f32([2, 4], [9, 9, 9, 9, 1, 2, 9, 9]),
  ),
  of(op.Pad, 'of integers with 0', [i32([2], [1, 2]), axes(1), axes(1)], i32([4], [0, 1, 2, 0])),
  of(op.Pad, 'at the edge', [f32([3], [1, 2, 3]), axes(2), axes(1)], f32([6], [1, 1, 1, 2, 3, 3]), {
    pad_mode: 'edge',
  }),
  of(op.Pad, 'reflects', [f32([3], [1, 2, 3]), axes(2), axes(1)], f32([6], [3, 2, 1, 2, 3, 2]), {
    pad_mode: 'reflect',
  }),
  of(op.Pad, 'mirrors', [f32([3], [1, 2, 3]), axes(2), axes(1)], f32([6], [2, 1, 1, 2, 3, 3]), {
    pad_mode: 'symmetric',
  }),
  of(
    op.SpaceToDepth,
    'blocks first',
    [counting([1, 2, 2, 4])],
    f32([1, 8, 1, 2], [0, 2, 8, 10, 1, 3, 9, 11, 4, 6, 12, 14, 5, 7, 13, 15]),
    { block_size: 2, mode: 'blocks_first' },
  ),
  of(
    op.SpaceToDepth,
    'depth first',
    [counting([1, 2, 2, 4])],
    f32([1, 8, 1, 2], [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15]),
    { block_size: 2, mode: 'depth_first' },
  ),
  of(op.DepthToSpace, 'blocks first', [counting([1, 8, 1, 1])], f32([1, 2, 2, 2], [0, 2, 4, 6, 1, 3, 5, 7]), {
    block_size: 2,
    mode: 'blocks_first',
  }),
  of(op.DepthToSpace, 'depth first', [counting([1, 8, 1, 1])], f32([1, 2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]), {
    block_size: 2,
    mode: 'depth_first',
  }),
  of(
    op.SpaceToBatch,
    'with pads',
    [counting([1, 1, 3, 4]), axes(1, 1, 2, 2), axes(0, 0, 1, 0), axes(0, 0, 0, 0)],
    f32([4, 1, 2, 2], [0, 0, 4, 6, 0, 0, 5, 7, 0, 2, 8, 10, 1, 3, 9, 11]),
  ),
  of(
    op.BatchToSpace,
    'with crops',
    [
      f32([4, 1, 2, 2], [0, 0, 4, 6, 0, 0, 5, 7, 0, 2, 8, 10, 1, 3, 9, 11]),
      axes(1, 1, 2, 2),
      axes(0, 0, 1, 0),
      axes(0, 0, 0, 0),
    ],
    counting([1, 1, 3, 4]),
  ),
  of(
    op.ExtractImagePatches,
    'without padding',
    [counting([1, 2, 3, 3])],
    f32(
      [1, 8, 2, 2],
      [0, 1, 3, 4, 9, 10, 12, 13, 1, 2, 4, 5, 10, 11, 13, 14, 3, 4, 6, 7, 12, 13, 15, 16, 4, 5, 7, 8, 13, 14, 16, 17],
    ),
    { ...patch, auto_pad: 'valid' },
  ),
  of(
    op.ExtractImagePatches,
    'SAME over an odd size',
    [counting([1, 1, 3, 3])],
    f32([1, 4, 2, 2], [0, 2, 6, 8, 1, 0, 7, 0, 3, 5, 0, 0, 4, 0, 0, 0]),
    { ...patch, strides: [2, 2], auto_pad: 'same_upper' },
  ),
  of(op.ExtractImagePatches, 'with rates', [counting([1, 1, 3, 3])], f32([1, 4, 1, 1], [0, 2, 6, 8]), {
    ...patch,
    rates: [2, 2],
    auto_pad: 'valid',
  }),
  of(op.Concat, 'of rows', [f32([1, 2], [1, 2]), f32([2, 2], [3, 4, 5, 6])], f32([3, 2], count([3, 2], 1)), {
    axis: 0,
  }),
  of(
    op.Concat,
    'along the last axis',
    [f32([2, 1], [1, 4]), f32([2, 2], [2, 3, 5, 6])],
    f32([2, 3], count([2, 3], 1)),
    { axis: -1 },
  ),
  of(op.Concat, 'with an empty part', [i64([0], []), i64([2], [1, 2])], i64([2], [1, 2]), { axis: 0 }),
  of(op.Concat, 'of one value', [u8([2], [1, 2])], u8([2], [1, 2]), { axis: 0 }),
  of(op.Concat, 'of booleans', [bool([1], [1]), bool([1], [0])], bool([2], [1, 0]), { axis: 0 }),
  of(op.Split, 'in halves', [joined, axis(1)], [f32([2, 2], [0, 1, 4, 5]), f32([2, 2], [2, 3, 6, 7])], {
    num_splits: 2,
  }),
  of(op.Split, 'along an axis from the end', [joined, axis(-2)], [counting([1, 4]), counting([1, 4], 4)], {
    num_splits: 2,
  }),
  of(
    op.VariadicSplit,
    'in given lengths',
    [joined, axis(1), axes(1, 3)],
    [f32([2, 1], [0, 4]), f32([2, 3], [1, 2, 3, 5, 6, 7])],
  ),
  of(
    op.VariadicSplit,
    'with the rest',
    [joined, axis(-1), axes(1, -1, 1)],
    [f32([2, 1], [0, 4]), f32([2, 2], [1, 2, 5, 6]), f32([2, 1], [3, 7])],
  ),
  of(
    op.Transpose,
    'from channels last to channels first',
    [counting([1, 2, 2, 3]), axes(0, 3, 1, 2)],
    f32([1, 3, 2, 2], [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]),
  ),
  of(op.Transpose, 'of a matrix', [i32([2, 3], count([2, 3])), axes(1, 0)], i32([3, 2], [0, 3, 1, 4, 2, 5])),
  of(op.Transpose, 'of booleans', [bool([1, 2], [1, 0]), axes(1, 0)], bool([2, 1], [1, 0])),
  of(
    op.Unique,
    'of all elements',
    [f32([6], [3, 1, 3, 2, 1, 3])],
    [f32([3], [1, 2, 3]), i64([3], [1, 3, 0]), i64([6], [2, 0, 2, 1, 0, 2]), i64([3], [2, 1, 3])],
  ),
  of(
    op.Unique,
    'in the order of appearance',
    [i32([4], [5, 4, 5, 6])],
    [i32([3], [5, 4, 6]), i32([3], [0, 1, 3]), i32([4], [0, 1, 0, 2]), i32([3], [2, 1, 1])],
    { sorted: false, index_element_type: 'i32', count_element_type: 'i32' },
  ),
  of(
    op.Unique,
    'of a matrix is a vector',
    [i32([2, 2], [1, 2, 2, 1])],
    [i32([2], [1, 2]), i64([2], [0, 1]), i64([4], [0, 1, 1, 0]), i64([2], [2, 2])],
  ),
  unfolded(
    of(
      op.Unique,
      'of rows',
      [i32([3, 2], [1, 2, 0, 1, 1, 2]), axis(0)],
      [i32([2, 2], [0, 1, 1, 2]), i64([2], [1, 0]), i64([3], [1, 0, 1]), i64([2], [1, 2])],
    ),
  ),
  of(
    op.ReverseSequence,
    'of rows',
    [f32([2, 3], [1, 2, 3, 4, 5, 6]), i32([2], [2, 3])],
    f32([2, 3], [2, 1, 3, 6, 5, 4]),
  ),
  of(
    op.ReverseSequence,
    'of columns',
    [f32([3, 2], [1, 2, 3, 4, 5, 6]), i64([2], [1, 3])],
    f32([3, 2], [1, 6, 3, 4, 5, 2]),
    { batch_axis: 1, seq_axis: 0 },
  ),
  of(
    op.GatherTree,
    'ends beams',
    [i32([3, 1, 2], [1, 2, 3, 4, 5, 6]), i32([3, 1, 2], [0, 0, 1, 0, 1, 0]), i32([1], [3]), i32([], [4])],
    i32([3, 1, 2], [1, 2, 4, 3, 4, 6]),
  ),
];
