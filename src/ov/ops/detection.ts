import { number, numbers, word } from '../attributes.ts';
import { defineOp } from '../op.ts';

/** Inputs: data [N, C, H, W], rois [R, 5] = batch index, x1, y1, x2, y2. */
export const ROIPooling = defineOp({
  type: 'ROIPooling',
  opset: 'opset2',
  attributes: {
    output_size: numbers(),
    output_roi: numbers(),
    pooled_h: number(),
    pooled_w: number(),
    spatial_scale: number(),
    method: word(['max', 'bilinear'])('max'),
  },
  infer: ([x, rois], { pooled_h, pooled_w }) => [
    { type: x!.type, shape: [rois!.shape[0]!, x!.shape[1]!, pooled_h, pooled_w] },
  ],
});

/** Inputs: data [N, C, H, W], rois [R, 4] = x1, y1, x2, y2, batch indices [R]. */
export const ROIAlign = defineOp({
  type: 'ROIAlign',
  opset: 'opset9',
  attributes: {
    pooled_h: number(),
    pooled_w: number(),
    sampling_ratio: number(),
    spatial_scale: number(),
    mode: word(['avg', 'max'])(),
    aligned_mode: word(['asymmetric', 'half_pixel_for_nn', 'half_pixel'])('asymmetric'),
  },
  infer: ([x, rois], { pooled_h, pooled_w }) => [
    { type: x!.type, shape: [rois!.shape[0]!, x!.shape[1]!, pooled_h, pooled_w] },
  ],
});
