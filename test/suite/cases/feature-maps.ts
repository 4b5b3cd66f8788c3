import * as op from '../../../src/ov/ops/feature-maps.ts';
import { fixed, type OpCase, of } from '../op-case.ts';
import { axes, counting, f32, i32, i64 } from '../tensors.ts';

const wave = f32([1, 1, 1, 5], [10, 20, 40, 80, 160]);

type Attributes = NonNullable<Parameters<typeof of<(typeof op.Interpolate)['attributes']>>[4]>;

/** `wave` resized to as many positions as are expected. */
const resized = (name: string, expected: readonly number[], attrs: Attributes): OpCase =>
  of(
    op.Interpolate,
    `${name} to ${expected.length}`,
    [wave, axes(1, expected.length), axes(2, 3)],
    f32([1, 1, 1, expected.length], expected),
    attrs,
  );

/** Positions by the formulas of each coordinate mode, in double precision. */
const coordinates = [
  resized('linear half_pixel', [10, 14.375, 21.25, 33.75, 52.5, 77.5, 125, 160], { mode: 'linear_onnx' }),
  resized('linear half_pixel', [13.3333333, 40, 133.333333], { mode: 'linear_onnx' }),
  resized('linear pytorch_half_pixel', [10], {
    mode: 'linear_onnx',
    coordinate_transformation_mode: 'pytorch_half_pixel',
  }),
  resized('linear asymmetric', [10, 16.25, 25, 37.5, 60, 90, 140, 160], {
    mode: 'linear_onnx',
    coordinate_transformation_mode: 'asymmetric',
  }),
  resized('linear align_corners', [10, 15.7142857, 22.8571429, 34.2857143, 51.4285714, 74.2857143, 114.285714, 160], {
    mode: 'linear_onnx',
    coordinate_transformation_mode: 'align_corners',
  }),
  resized('linear tf_half_pixel_for_nn', [13.125, 19.375, 31.25, 47.5, 72.5, 115, 160, 160], {
    mode: 'linear_onnx',
    coordinate_transformation_mode: 'tf_half_pixel_for_nn',
  }),
  resized('nearest half_pixel', [10, 10, 20, 40, 40, 80, 160, 160], { mode: 'nearest' }),
  resized('nearest tf_half_pixel_for_nn, floor', [10, 10, 20, 40, 40, 80, 160, 160], {
    mode: 'nearest',
    coordinate_transformation_mode: 'tf_half_pixel_for_nn',
    nearest_mode: 'floor',
  }),
  resized('nearest asymmetric, floor', [10, 10, 20, 20, 40, 80, 80, 160], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  }),
  resized('nearest asymmetric, ceil', [10, 40, 160], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'ceil',
  }),
  resized('nearest asymmetric, round_prefer_ceil', [10, 20, 20, 40, 80, 80, 160, 160], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'round_prefer_ceil',
  }),
  resized('nearest align_corners, simple', [10, 10, 20, 20, 40, 40, 80, 160], {
    mode: 'nearest',
    coordinate_transformation_mode: 'align_corners',
    nearest_mode: 'simple',
  }),
  resized(
    'cubic half_pixel',
    [9.07165527, 12.6831055, 21.2957764, 30.2252197, 49.8815918, 74.7717285, 128.845215, 167.426758],
    {
      mode: 'cubic',
    },
  ),
  resized('cubic asymmetric', [10, 13.75, 20, 28.125, 40, 56.25, 80, 122.5, 160, 165], {
    mode: 'cubic',
    coordinate_transformation_mode: 'asymmetric',
    cube_coeff: -0.5,
  }),
];

/** Two overlapping boxes and one apart, as y1, x1, y2, x2. */
const boxes = f32([1, 3, 4], [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 2, 1, 3]);
const scores = f32([1, 2, 3], [0.9, 0.8, 0.7, 0.2, 0.6, 0.1]);
const limits = (most: number) => [fixed(i64([], [most])), fixed(f32([], [0.5])), fixed(f32([], [0.15]))];

const regions = counting([1, 1, 4, 4]);
const patch = { sizes: [2, 2], strides: [1, 1], rates: [1, 1] };

export const featureMaps: readonly OpCase[] = [
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
  ...coordinates,
  of(
    op.Interpolate,
    'of both axes',
    [f32([1, 1, 2, 2], [0, 2, 4, 8]), axes(4, 3), axes(2, 3)],
    f32([1, 1, 4, 3], [0, 1, 2, 1, 2.25, 3.5, 3, 4.75, 6.5, 4, 6, 8]),
    { mode: 'linear_onnx' },
  ),
  of(
    op.Interpolate,
    'by scales',
    [f32([1, 1, 1, 2], [1, 5]), fixed(f32([2], [2, 1.5])), axes(2, 3)],
    f32([1, 1, 2, 3], [1, 1, 5, 1, 1, 5]),
    {
      mode: 'nearest',
      shape_calculation_mode: 'scales',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    },
  ),
  of(op.Interpolate, 'of all axes', [f32([1, 1, 1, 2], [1, 5]), axes(1, 1, 2, 2)], f32([1, 1, 2, 2], [1, 5, 1, 5]), {
    mode: 'nearest',
  }),
  of(op.ROIPooling, 'of the largest', [regions, f32([1, 5], [0, 0, 0, 3, 3])], f32([1, 1, 2, 2], [5, 7, 13, 15]), {
    output_size: [2, 2],
    output_roi: [2, 2],
    pooled_h: 2,
    pooled_w: 2,
    spatial_scale: 1,
  }),
  of(
    op.ROIPooling,
    'bilinear',
    [regions, f32([1, 5], [0, 0.25, 0.5, 0.75, 0.9])],
    f32([1, 1, 2, 3], [6.75, 7.5, 8.25, 11.55, 12.3, 13.05]),
    { output_size: [2, 3], output_roi: [2, 3], pooled_h: 2, pooled_w: 3, spatial_scale: 1, method: 'bilinear' },
  ),
  of(
    op.ROIAlign,
    'of averages',
    [regions, f32([1, 4], [0, 0, 3, 3]), fixed(i32([1], [0]))],
    f32([1, 1, 2, 2], [3.75, 5.25, 9.75, 11.25]),
    { pooled_h: 2, pooled_w: 2, sampling_ratio: 2, spatial_scale: 1, mode: 'avg' },
  ),
  of(
    op.ROIAlign,
    'by half pixels',
    [regions, f32([1, 4], [0.5, 0.5, 2.5, 3]), i32([1], [0])],
    f32([1, 1, 2, 2], [5.5, 6.5, 10.5, 11.5]),
    { pooled_h: 2, pooled_w: 2, sampling_ratio: 2, spatial_scale: 1, mode: 'avg', aligned_mode: 'half_pixel' },
  ),
  of(
    op.ROIAlign,
    'by half pixels of the result',
    [regions, f32([1, 4], [0.5, 0.5, 2.5, 3]), i32([1], [0])],
    f32([1, 1, 2, 2], [3, 4, 8, 9]),
    { pooled_h: 2, pooled_w: 2, sampling_ratio: 2, spatial_scale: 1, mode: 'avg', aligned_mode: 'half_pixel_for_nn' },
  ),
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
  of(
    op.FakeQuantize,
    'in five levels',
    [f32([8], [-2, -1, -0.4, 0, 0.3, 0.5, 1, 3]), ...[-1, 1, 0, 10].map(bound => fixed(f32([], [bound])))],
    f32([8], [0, 0, 2.5, 5, 7.5, 7.5, 10, 10]),
    { levels: 5 },
  ),
  of(
    op.MVN,
    'with epsilon inside the root',
    [f32([2, 4], [1, 2, 3, 4, 2, 2, 2, 2]), axes(1)],
    f32([2, 4], [-1.33630621, -0.445435403, 0.445435403, 1.33630621, 0, 0, 0, 0]),
    { eps: 0.01, normalize_variance: true, eps_mode: 'INSIDE_SQRT' },
  ),
  of(
    op.MVN,
    'with epsilon outside the root',
    [f32([2, 4], [1, 2, 3, 4, 2, 2, 2, 2]), axes(-1)],
    f32([2, 4], [-1.32974717, -0.443249055, 0.443249055, 1.32974717, 0, 0, 0, 0]),
    { eps: 0.01, normalize_variance: true, eps_mode: 'OUTSIDE_SQRT' },
  ),
  of(
    op.MVN,
    'of means alone',
    [f32([2, 4], [1, 2, 3, 4, 2, 2, 2, 2]), axes(1)],
    f32([2, 4], [-1.5, -0.5, 0.5, 1.5, 0, 0, 0, 0]),
    { eps: 1e-6, normalize_variance: false, eps_mode: 'INSIDE_SQRT' },
  ),
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
];
