import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of } from '../op-case.ts';
import { f32, i32, i64 } from '../tensors.ts';

/** Two overlapping boxes and one apart, as y1, x1, y2, x2. */
const boxes = f32([1, 3, 4], [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 2, 1, 3]);

const scores = f32([1, 2, 3], [0.9, 0.8, 0.7, 0.2, 0.6, 0.1]);

const limits = (most: number) => [fixed(i64([], [most])), fixed(f32([], [0.5])), fixed(f32([], [0.15]))];

const ranked = f32([2, 4], [0.1, 0.4, 0.3, 0.2, 5, 7, 6, 8]);

export const sort: readonly OpCase[] = [
  of(
    op.NonMaxSuppression,
    'of corners, the best first',
    [boxes, scores, ...limits(2)],
    [i64([3, 3], [0, 0, 0, 0, 0, 2, 0, 1, 1]), f32([3, 3], [0, 0, 0.9, 0, 0, 0.7, 0, 1, 0.6]), i64([1], [3])],
  ),
  of(
    op.NonMaxSuppression,
    'of centers, class by class',
    [
      f32([1, 3, 4], [0.5, 0.5, 1, 1, 0.6, 0.5, 1, 1, 2.5, 0.5, 1, 1]),
      f32([1, 2, 3], [0.5, 0.6, 0.7, 0.9, 0, 0]),
      ...limits(1),
    ],
    [i32([2, 3], [0, 0, 2, 0, 1, 0]), f32([2, 3], [0, 0, 0.7, 0, 1, 0.9]), i32([1], [2])],
    { box_encoding: 'center', sort_result_descending: false, output_type: 'i32' },
  ),
  of(
    op.TopK,
    'of the largest',
    [ranked, fixed(i64([], [2]))],
    [f32([2, 2], [0.4, 0.3, 8, 7]), i32([2, 2], [1, 2, 3, 1])],
    { axis: -1 },
  ),
  of(
    op.TopK,
    'of the smallest along rows',
    [ranked, fixed(i64([], [1]))],
    [f32([1, 4], [0.1, 0.4, 0.3, 0.2]), i64([1, 4], [0, 0, 0, 0])],
    { axis: 0, mode: 'min', index_element_type: 'i64' },
  ),
  of(
    op.TopK,
    'in the order of positions',
    [f32([1, 4], [5, 7, 6, 8]), fixed(i32([], [3]))],
    [f32([1, 3], [7, 6, 8]), i32([1, 3], [1, 2, 3])],
    { axis: 1, sort: 'index' },
  ),
  of(
    op.TopK,
    'keeps the order of equal ones when stable',
    [f32([4], [1, 2, 2, 2]), fixed(i64([], [3]))],
    [f32([3], [2, 2, 2]), i32([3], [1, 2, 3])],
    { axis: 0, stable: true },
  ),
  of(op.TopK, 'of nothing', [f32([3], [1, 2, 3]), fixed(i64([], [0]))], [f32([0], []), i32([0], [])], { axis: 0 }),
];
