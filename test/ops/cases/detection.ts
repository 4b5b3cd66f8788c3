import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of } from '../op-case.ts';
import { counting, f32, i32 } from '../tensors.ts';

const regions = counting([1, 1, 4, 4]);

export const detection: readonly OpCase[] = [
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
];
