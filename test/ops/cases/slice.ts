import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of } from '../op-case.ts';
import { axes, bool, counting, f32, i64 } from '../tensors.ts';

/** 0..23; what NumPy's indexing gives of it stands in each case's name. */
const x = counting([2, 3, 4]);

const no = (length: number): readonly boolean[] => new Array<boolean>(length).fill(false);

const at = (length: number, ...places: readonly number[]): readonly boolean[] =>
  Array.from({ length }, (_, i) => places.includes(i));

const plain = { begin_mask: no(3), end_mask: no(3) };

export const slice: readonly OpCase[] = [
  of(
    op.StridedSlice,
    'x[0:1, 1:3, 0:4:2]',
    [x, axes(0, 1, 0), axes(1, 3, 4), axes(1, 1, 2)],
    f32([1, 2, 2], [4, 6, 8, 10]),
    plain,
  ),
  of(op.StridedSlice, 'x[0:1] without steps', [x, axes(0), axes(1)], counting([1, 3, 4]), {
    begin_mask: no(1),
    end_mask: no(1),
  }),
  of(
    op.StridedSlice,
    'x[1:0:-1, ::-2, -1:-4:-1]',
    [x, axes(1, 0, -1), axes(0, 0, -4), axes(-1, -2, -1)],
    f32([1, 2, 3], [23, 22, 21, 15, 14, 13]),
    { begin_mask: at(3, 1), end_mask: at(3, 1) },
  ),
  of(
    op.StridedSlice,
    'x[:, 2::-1, 0]',
    [x, axes(0, 2, 0), axes(0, 0, 1), axes(1, -1, 1)],
    f32([2, 3], [8, 4, 0, 20, 16, 12]),
    { begin_mask: at(3, 0), end_mask: at(3, 0, 1), shrink_axis_mask: at(3, 2) },
  ),
  of(op.StridedSlice, 'x[-1]', [x, axes(-1), axes(0), axes(1)], counting([3, 4], 12), {
    begin_mask: no(1),
    end_mask: no(1),
    shrink_axis_mask: [true],
  }),
  of(op.StridedSlice, 'x[..., 1]', [x, axes(0, 1), axes(0, 2), axes(1, 1)], f32([2, 3], [1, 5, 9, 13, 17, 21]), {
    begin_mask: no(2),
    end_mask: no(2),
    ellipsis_mask: at(2, 0),
    shrink_axis_mask: at(2, 1),
  }),
  of(
    op.StridedSlice,
    'x[0, ..., ::3]',
    [x, axes(0, 0, 0), axes(1, 0, 0), axes(1, 1, 3)],
    f32([3, 2], [0, 3, 4, 7, 8, 11]),
    {
      begin_mask: at(3, 2),
      end_mask: at(3, 2),
      ellipsis_mask: at(3, 1),
      shrink_axis_mask: at(3, 0),
    },
  ),
  of(
    op.StridedSlice,
    'x[:, newaxis, 1:, 2]',
    [x, axes(0, 0, 1, 2), axes(0, 0, 0, 3), axes(1, 1, 1, 1)],
    f32([2, 1, 2], [6, 10, 18, 22]),
    {
      begin_mask: at(4, 0),
      end_mask: at(4, 0, 2),
      new_axis_mask: at(4, 1),
      shrink_axis_mask: at(4, 3),
    },
  ),
  of(op.StridedSlice, 'x[..., newaxis]', [i64([2], [5, 6]), axes(0, 0), axes(0, 0), axes(1, 1)], i64([2, 1], [5, 6]), {
    begin_mask: no(2),
    end_mask: no(2),
    ellipsis_mask: at(2, 0),
    new_axis_mask: at(2, 1),
  }),
  of(op.StridedSlice, 'x[:, 5:2] is empty', [x, axes(0, 5), axes(0, 2), axes(1, 1)], f32([2, 0, 4], []), {
    begin_mask: at(2, 0),
    end_mask: at(2, 0),
  }),
  of(
    op.StridedSlice,
    'x[:, -10:2] starts at the front',
    [x, axes(0, -10), axes(0, 2), axes(1, 1)],
    f32([2, 2, 4], [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19]),
    { begin_mask: at(2, 0), end_mask: at(2, 0) },
  ),
  of(
    op.StridedSlice,
    'x[:, 1:100] ends at the end',
    [counting([2, 3]), axes(0, 1), axes(0, 100), axes(1, 1)],
    f32([2, 2], [1, 2, 4, 5]),
    { begin_mask: at(2, 0), end_mask: at(2, 0) },
  ),
  of(
    op.StridedSlice,
    'x[:, :, 3:0:-2]',
    [x, axes(0, 0, 3), axes(0, 0, 0), axes(1, 1, -2)],
    f32([2, 3, 2], [3, 1, 7, 5, 11, 9, 15, 13, 19, 17, 23, 21]),
    { begin_mask: at(3, 0, 1), end_mask: at(3, 0, 1) },
  ),
  of(op.StridedSlice, 'x[::-1] of booleans', [bool([3], [1, 0, 0]), axes(0), axes(0), axes(-1)], bool([3], [0, 0, 1]), {
    begin_mask: [true],
    end_mask: [true],
  }),
  of(op.Slice, 'x[0:1, 1:3, 0:4:2]', [x, axes(0, 1, 0), axes(1, 3, 4), axes(1, 1, 2)], f32([1, 2, 2], [4, 6, 8, 10])),
  of(
    op.Slice,
    'of one axis from the end',
    [counting([2, 3]), axes(-2), axes(2 ** 31 - 1), axes(1), axes(-1)],
    f32([2, 2], [1, 2, 4, 5]),
  ),
  of(op.Slice, 'backwards', [f32([4], [1, 2, 3, 4]), axes(3), axes(-5), axes(-2), axes(0)], f32([2], [4, 2])),
];
