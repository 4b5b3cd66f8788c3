import { number, numbers, word } from '../attributes.ts';
import type { Type, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { checkCount, checkRankOf } from './support/infer.ts';

interface Pooled {
  readonly pooled_h: number;
  readonly pooled_w: number;
}

function pooled(x: Value, rois: Value, { pooled_h, pooled_w }: Pooled): Type {
  checkRankOf('the data', x, 4);
  checkRankOf('the regions', rois, 2);
  checkCount('pooled_h', pooled_h, 1);
  checkCount('pooled_w', pooled_w, 1);
  return { type: x.type, shape: [rois.shape[0]!, x.shape[1]!, pooled_h, pooled_w] };
}

/** Inputs: data [N, C, H, W], rois [R, 5] = batch index, x1, y1, x2, y2. */
export const ROIPooling = defineOp({
  type: 'ROIPooling',
  opset: 'opset2',
  arity: 2,
  attributes: {
    output_size: numbers(),
    output_roi: numbers(),
    pooled_h: number(),
    pooled_w: number(),
    spatial_scale: number(),
    method: word(['max', 'bilinear'])('max'),
  },
  infer: ([x, rois], attrs) => [pooled(x!, rois!, attrs)],
});

/** Inputs: data [N, C, H, W], rois [R, 4] = x1, y1, x2, y2, batch indices [R]. */
export const ROIAlign = defineOp({
  type: 'ROIAlign',
  opset: 'opset9',
  arity: 3,
  attributes: {
    pooled_h: number(),
    pooled_w: number(),
    sampling_ratio: number(),
    spatial_scale: number(),
    mode: word(['avg', 'max'])(),
    aligned_mode: word(['asymmetric', 'half_pixel_for_nn', 'half_pixel'])('asymmetric'),
  },
  infer: ([x, rois], attrs) => [pooled(x!, rois!, attrs)],
});
