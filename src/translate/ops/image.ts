import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Interpolate } from '../../ov/ops/image.ts';
import { convert } from '../../ov/shorthand.ts';
import { toChannelsFirst, toChannelsLast } from '../channel-order.ts';
import type { TfOp } from '../tf-op.ts';
import { resizeBicubic, resizeBilinear, resizeNearest } from './support/resize.ts';
import type { Coordinates } from './support/resize-axis.ts';
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
};
