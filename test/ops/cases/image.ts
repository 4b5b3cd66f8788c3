import { ops as op } from '../../../src/ov/ops/index.ts';
import { fixed, of, type OpCase } from '../op-case.ts';
import { axes, f32 } from '../tensors.ts';

/** Two rows of four pixels: one block of U and V at the left, one at the right. */
const Y = [16, 60, 120, 235, 30, 90, 150, 200];

const U = [100, 160];

const V = [150, 90];

const byte = (value: number): number => Math.min(Math.max(value, 0), 255);

/** BT.601, in the numbers that OpenVINO documents. */
const RGB = Y.flatMap((y, i) => {
  const block = i % 4 < 2 ? 0 : 1;
  const [c, d, e] = [1.164 * (y - 16), U[block]! - 128, V[block]! - 128];
  return [c + 1.596 * e, c - 0.391 * d - 0.813 * e, c + 2.018 * d].map(byte);
});

const BGR = Y.flatMap((_, i) => [RGB[3 * i + 2]!, RGB[3 * i + 1]!, RGB[3 * i]!]);

const y = f32([1, 2, 4, 1], Y);

const rgb = f32([1, 2, 4, 3], RGB);

const bgr = f32([1, 2, 4, 3], BGR);

const uv = [U[0]!, V[0]!, U[1]!, V[1]!];

const nv12 = [f32([1, 3, 4, 1], [...Y, ...uv])];

const nv12Planes = [y, f32([1, 1, 2, 2], uv)];

const i420 = [f32([1, 3, 4, 1], [...Y, ...U, ...V])];

const i420Planes = [y, f32([1, 1, 2, 1], U), f32([1, 1, 2, 1], V)];

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

export const image: readonly OpCase[] = [
  of(op.NV12toRGB, 'of one tensor', nv12, rgb),
  of(op.NV12toRGB, 'of two planes', nv12Planes, rgb),
  of(op.NV12toBGR, 'of one tensor', nv12, bgr),
  of(op.NV12toBGR, 'of two planes', nv12Planes, bgr),
  of(op.I420toRGB, 'of one tensor', i420, rgb),
  of(op.I420toRGB, 'of three planes', i420Planes, rgb),
  of(op.I420toBGR, 'of one tensor', i420, bgr),
  of(op.I420toBGR, 'of three planes', i420Planes, bgr),
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
];
