import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Interpolate } from '../../ov/ops/feature-maps.ts';
import { toChannelsFirst, toChannelsLast } from '../layout.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { convert } from '../values.ts';
import { type Coordinates, resizeBicubic, resizeBilinear, resizeNearest } from './resize.ts';

const coordinatesOf = (op: TfOp): Coordinates => ({
  alignCorners: op.bool('align_corners', false),
  halfPixelCenters: op.bool('half_pixel_centers', false),
});

/** Whether OpenVINO's coordinates are TensorFlow's to the last bit: where they grow, or shrink, by a power of two. */
function isExact(input: Value, sizes: Value, { alignCorners }: Coordinates): boolean {
  if (alignCorners) return false;
  return [1, 2].every(axis => {
    const [from, to] = [input.shape[axis], sizes.contents?.[axis - 1]];
    return typeof from === 'number' && typeof to === 'number' && Number.isInteger(Math.log2(from / to));
  });
}

/** OpenVINO's own resizing, which is fast where feature maps are doubled. */
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
  /** The result is f32 whatever the input is. */
  ResizeBilinear: (op, b) => {
    const [x, sizes, coordinates] = [convert(b, op.input(0), 'f32'), op.input(1), coordinatesOf(op)];
    return isExact(x, sizes, coordinates)
      ? interpolate(b, x, sizes, coordinates, 'linear_onnx')
      : resizeBilinear(b, x, sizes, coordinates);
  },
  /** The result is f32 here, too. */
  ResizeBicubic: (op, b) => resizeBicubic(b, convert(b, op.input(0), 'f32'), op.input(1), coordinatesOf(op)),
  ResizeNearestNeighbor: (op, b) => {
    const [x, sizes, coordinates] = [op.input(0), op.input(1), coordinatesOf(op)];
    return isExact(x, sizes, coordinates)
      ? interpolate(b, x, sizes, coordinates, 'nearest')
      : resizeNearest(b, x, sizes, coordinates);
  },
};
