import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Interpolate } from '../../ov/ops/feature-maps.ts';
import { toChannelsFirst, toChannelsLast } from '../layout.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { convert } from '../values.ts';

/** Resizing keeps the picture's order of axes around it; its two sizes are height and width. */
function resize(op: TfOp, b: Builder, mode: 'linear_onnx' | 'nearest', input: Value): Value {
  const aligned = op.bool('align_corners', false);
  const half = op.bool('half_pixel_centers', false);
  const nearest = mode === 'nearest';
  const resized = b.add(Interpolate, [toChannelsFirst(b, input), convert(b, op.input(1), 'i64'), b.i64(2, 3)], {
    mode,
    shape_calculation_mode: 'sizes',
    coordinate_transformation_mode: aligned
      ? 'align_corners'
      : half
        ? nearest
          ? 'tf_half_pixel_for_nn'
          : 'half_pixel'
        : 'asymmetric',
    nearest_mode: nearest ? (aligned ? 'round_prefer_ceil' : 'floor') : 'round_prefer_floor',
    pads_begin: [0, 0, 0, 0],
    pads_end: [0, 0, 0, 0],
  });
  return toChannelsLast(b, resized);
}

export const image: Translators = {
  /** The result is f32 whatever the input is. */
  ResizeBilinear: (op, b) => resize(op, b, 'linear_onnx', convert(b, op.input(0), 'f32')),
  ResizeNearestNeighbor: (op, b) => resize(op, b, 'nearest', op.input(0)),
};
