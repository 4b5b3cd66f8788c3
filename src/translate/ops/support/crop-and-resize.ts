import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Subtract } from '../../../ov/ops/arithmetic.ts';
import { ROIPooling } from '../../../ov/ops/detection.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { concat, convert, unsqueeze } from '../../../ov/shorthand.ts';
import { toChannelsFirst, toChannelsLast } from '../../channel-order.ts';
import { checkCount } from '../../../ov/ops/support/infer.ts';
import type { TfOp } from '../../tf-op.ts';
import { cropPoints } from './crop-points.ts';

export function cropAndResize(op: TfOp, b: Builder): Value {
  const size = op.input(3);
  const image = convert(b, op.input(0), 'f32');
  const extrapolation = op.float('extrapolation_value', 0);
  const method = op.string('method', 'bilinear');
  if (method !== 'nearest' && method !== 'bilinear') {
    throw new DecantError('malformed', `method '${method}' of CropAndResize is not bilinear or nearest`);
  }
  const known = size.node.constant === undefined ? undefined : op.integers(3, 'crop size');
  if (known !== undefined) for (const i of [0, 1]) checkCount('the crop size', known[i] ?? 0, 1);
  return method === 'bilinear' && known !== undefined
    ? cropBilinear(b, image, op.input(1), op.input(2), known, extrapolation)
    : cropPoints(b, image, op.input(1), op.input(2), size, method, extrapolation);
}

/** OpenVINO's bilinear ROIPooling samples the same points as TensorFlow, and returns 0 for points outside of the image. */
function cropBilinear(
  b: Builder,
  image: Value,
  boxes: Value,
  imageOfBox: Value,
  size: readonly number[],
  extrapolation: number,
): Value {
  const corners = b.add(Gather, [boxes, b.i64(1, 0, 3, 2), b.scalar('i64', 1)]);
  const regions = concat(b, 1, [unsqueeze(b, convert(b, imageOfBox, 'f32'), 1), corners]);
  // Subtract the extrapolation value before and add it after, so that it is the 0 outside of the image.
  const value = b.scalar('f32', extrapolation);
  const shifted = extrapolation === 0 ? image : b.add(Subtract, [image, value]);
  const cut = b.add(ROIPooling, [toChannelsFirst(b, shifted), regions], {
    output_size: size,
    output_roi: size,
    pooled_h: size[0]!,
    pooled_w: size[1]!,
    spatial_scale: 1,
    method: 'bilinear',
  });
  const result = toChannelsLast(b, cut);
  return extrapolation === 0 ? result : b.add(Add, [result, value]);
}
