import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, FloorMod, Maximum, Minimum, Multiply, Subtract } from '../../ov/ops/arithmetic.ts';
import { Interpolate } from '../../ov/ops/image.ts';
import { ReduceMean } from '../../ov/ops/reduction.ts';
import { constantLike, convert } from '../../ov/shorthand.ts';
import { toChannelsFirst, toChannelsLast } from '../channel-order.ts';
import type { TfOp } from '../tf-op.ts';
import { resizeBicubic, resizeBilinear, resizeNearest } from './support/resize.ts';
import type { Coordinates } from './support/resize-axis.ts';
import { channelsOf, hsvOf, joinChannels, rgbOf } from './support/colors.ts';
import { cropAndResize } from './support/crop-and-resize.ts';
import { resizeArea, scaleAndTranslate } from './support/resample.ts';
import type { Translators } from '../translator.ts';

const coordinatesOf = (op: TfOp): Coordinates => ({
  alignCorners: op.bool('align_corners', false),
  halfPixelCenters: op.bool('half_pixel_centers', false),
});

/** Whether OpenVINO's coordinates equal TensorFlow's to the last bit, which they do for power-of-two scales. */
function isExact(input: Value, sizes: Value, { alignCorners }: Coordinates): boolean {
  if (alignCorners) return false;
  return [1, 2].every(axis => {
    const from = input.shape[axis];
    const to = sizes.partialValue?.[axis - 1];
    return typeof from === 'number' && typeof to === 'number' && Number.isInteger(Math.log2(from / to));
  });
}

function interpolate(
  b: Builder,
  input: Value,
  sizes: Value,
  { halfPixelCenters }: Coordinates,
  mode: 'linear_onnx' | 'nearest',
): Value {
  const half = mode === 'nearest' ? 'tf_half_pixel_for_nn' : 'half_pixel';
  const resized = b.add(Interpolate, [toChannelsFirst(b, input), convert(b, sizes, 'i64'), b.i64(2, 3)], {
    mode,
    shape_calculation_mode: 'sizes',
    coordinate_transformation_mode: halfPixelCenters ? half : 'asymmetric',
    nearest_mode: mode === 'nearest' ? 'floor' : 'round_prefer_floor',
    pads_begin: [0, 0, 0, 0],
    pads_end: [0, 0, 0, 0],
  });
  return toChannelsLast(b, resized);
}

export const image: Translators = {
  RGBToHSV: (op, b) => joinChannels(b, hsvOf(b, op.input(0))),
  HSVToRGB: (op, b) => rgbOf(b, channelsOf(b, op.input(0))),
  AdjustHue: (op, b) => {
    const [hue, saturation, value] = hsvOf(b, op.input(0));
    const shifted = b.add(Add, [hue, convert(b, op.input(1), hue.type)]);
    return rgbOf(b, [b.add(FloorMod, [shifted, constantLike(b, hue, 1)]), saturation, value]);
  },
  AdjustSaturation: (op, b) => {
    const [hue, saturation, value] = hsvOf(b, op.input(0));
    const scaled = b.add(Multiply, [saturation, convert(b, op.input(1), hue.type)]);
    const limited = b.add(Minimum, [b.add(Maximum, [scaled, constantLike(b, hue, 0)]), constantLike(b, hue, 1)]);
    return rgbOf(b, [hue, limited, value]);
  },
  AdjustContrastv2: (op, b) => {
    const x = op.input(0);
    const mean = b.add(ReduceMean, [x, b.i64(-3, -2)], { keep_dims: true });
    const distance = b.add(Subtract, [x, mean]);
    return b.add(Add, [b.add(Multiply, [distance, convert(b, op.input(1), x.type)]), mean]);
  },
  CropAndResize: cropAndResize,
  ResizeBilinear: (op, b) => {
    const x = convert(b, op.input(0), 'f32');
    const sizes = op.input(1);
    const coordinates = coordinatesOf(op);
    return isExact(x, sizes, coordinates)
      ? interpolate(b, x, sizes, coordinates, 'linear_onnx')
      : resizeBilinear(b, x, sizes, coordinates);
  },
  ResizeBicubic: (op, b) => resizeBicubic(b, convert(b, op.input(0), 'f32'), op.input(1), coordinatesOf(op)),
  ResizeNearestNeighbor: (op, b) => {
    const x = op.input(0);
    const sizes = op.input(1);
    const coordinates = coordinatesOf(op);
    return isExact(x, sizes, coordinates)
      ? interpolate(b, x, sizes, coordinates, 'nearest')
      : resizeNearest(b, x, sizes, coordinates);
  },
  ResizeArea: resizeArea,
  ScaleAndTranslate: scaleAndTranslate,
};
