import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Divide, Maximum, Minimum, Multiply, Round, Subtract } from '../../../ov/ops/arithmetic.ts';
import { GreaterEqual, LessEqual } from '../../../ov/ops/comparison.ts';
import { LogicalAnd } from '../../../ov/ops/logical.ts';
import { Broadcast } from '../../../ov/ops/movement.ts';
import { ROIPooling } from '../../../ov/ops/detection.ts';
import { Gather, GatherND } from '../../../ov/ops/gather.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { concat, convert, unsqueeze } from '../../../ov/shorthand.ts';
import { toChannelsFirst, toChannelsLast } from '../../channel-order.ts';
import { checkCount } from '../../../ov/ops/support/infer.ts';
import type { TfOp } from '../../tf-op.ts';

export function cropAndResize(op: TfOp, b: Builder): Value {
  const [height, width] = op.integers(3, 'crop size');
  for (const size of [height, width]) checkCount('the crop size', size ?? 0, 1);
  const size = [height!, width!] as const;
  const image = convert(b, op.input(0), 'f32');
  const extrapolation = op.float('extrapolation_value', 0);
  const method = op.string('method', 'bilinear');
  if (method === 'nearest') return cropNearest(b, image, op.input(1), op.input(2), size, extrapolation);
  if (method === 'bilinear') return cropBilinear(b, image, op.input(1), op.input(2), size, extrapolation);
  throw new DecantError('malformed', `method '${method}' of CropAndResize is not bilinear or nearest`);
}

/** OpenVINO's bilinear ROIPooling samples the same points as TensorFlow, and returns 0 for points outside of the image. */
function cropBilinear(
  b: Builder,
  image: Value,
  boxes: Value,
  imageOfBox: Value,
  [height, width]: readonly [number, number],
  extrapolation: number,
): Value {
  const corners = b.add(Gather, [boxes, b.i64(1, 0, 3, 2), b.scalar('i64', 1)]);
  const regions = concat(b, 1, [unsqueeze(b, convert(b, imageOfBox, 'f32'), 1), corners]);
  // Subtract the extrapolation value before and add it after, so that it is the 0 outside of the image.
  const value = b.scalar('f32', extrapolation);
  const shifted = extrapolation === 0 ? image : b.add(Subtract, [image, value]);
  const cut = b.add(ROIPooling, [toChannelsFirst(b, shifted), regions], {
    output_size: [height, width],
    output_roi: [height, width],
    pooled_h: height,
    pooled_w: width,
    spatial_scale: 1,
    method: 'bilinear',
  });
  const result = toChannelsLast(b, cut);
  return extrapolation === 0 ? result : b.add(Add, [result, value]);
}

function cropNearest(
  b: Builder,
  image: Value,
  boxes: Value,
  imageOfBox: Value,
  size: readonly [number, number],
  extrapolation: number,
): Value {
  const number = (value: number): Value => b.scalar('f32', value);
  const shape = b.add(ShapeOf, [image], { output_type: 'i32' });
  const corner = (i: number): Value => b.add(Gather, [boxes, b.i64(i), b.scalar('i64', 1)]);
  /** Along one axis: pixel indices and whether they are inside the image, both [R, size]. */
  const along = (axis: 0 | 1): readonly [Value, Value] => {
    const sizeOfAxis = b.add(Gather, [shape, b.scalar('i64', axis + 1), b.scalar('i64', 0)]);
    const last = b.add(Subtract, [convert(b, sizeOfAxis, 'f32'), number(1)]);
    const from = corner(axis);
    const to = corner(axis + 2);
    const count = size[axis];
    const steps = b.constant({
      type: 'f32',
      shape: [1, count],
      data: Float32Array.from({ length: count }, (_, i) => i),
    });
    const span = b.add(Multiply, [b.add(Subtract, [to, from]), last]);
    const step = b.add(Divide, [span, number(Math.max(count - 1, 1))]);
    const start = b.add(Multiply, [from, last]);
    const middle = b.add(Multiply, [b.add(Multiply, [b.add(Add, [from, to]), number(0.5)]), last]);
    const points = count > 1 ? b.add(Add, [start, b.add(Multiply, [steps, step])]) : middle;
    const isInside = b.add(LogicalAnd, [b.add(GreaterEqual, [points, number(0)]), b.add(LessEqual, [points, last])]);
    const nearest = b.add(Round, [b.add(Minimum, [b.add(Maximum, [points, number(0)]), last])], {
      mode: 'half_away_from_zero',
    });
    return [convert(b, nearest, 'i32'), isInside];
  };
  const [rows, rowInside] = along(0);
  const [columns, columnInside] = along(1);
  const parts = [unsqueeze(b, convert(b, imageOfBox, 'i32'), 1, 2), unsqueeze(b, rows, 2), unsqueeze(b, columns, 1)];
  const grid = concat(b, 0, [b.add(ShapeOf, [imageOfBox]), b.i64(...size)]);
  const coordinates = concat(
    b,
    3,
    parts.map(part => unsqueeze(b, b.add(Broadcast, [part, grid]), 3)),
  );
  const isInside = b.add(LogicalAnd, [unsqueeze(b, rowInside, 2), unsqueeze(b, columnInside, 1)]);
  return b.add(Select, [unsqueeze(b, isInside, 3), b.add(GatherND, [image, coordinates]), number(extrapolation)]);
}
