import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, of } from '../op-case.ts';
import { axes, f32 } from '../tensors.ts';

export const normalization: readonly OpCase[] = [
  of(
    op.MVN,
    'with epsilon inside the root',
    [f32([2, 4], [1, 2, 3, 4, 2, 2, 2, 2]), axes(1)],
    f32([2, 4], [-1.33630621, -0.445435403, 0.445435403, 1.33630621, 0, 0, 0, 0]),
    { eps: 0.01, normalize_variance: true, eps_mode: 'INSIDE_SQRT' },
  ),
  of(
    op.MVN,
    'with epsilon outside the root',
    [f32([2, 4], [1, 2, 3, 4, 2, 2, 2, 2]), axes(-1)],
    f32([2, 4], [-1.32974717, -0.443249055, 0.443249055, 1.32974717, 0, 0, 0, 0]),
    { eps: 0.01, normalize_variance: true, eps_mode: 'OUTSIDE_SQRT' },
  ),
  of(
    op.MVN,
    'of means alone',
    [f32([2, 4], [1, 2, 3, 4, 2, 2, 2, 2]), axes(1)],
    f32([2, 4], [-1.5, -0.5, 0.5, 1.5, 0, 0, 0, 0]),
    { eps: 1e-6, normalize_variance: false, eps_mode: 'INSIDE_SQRT' },
  ),
  of(
    op.LRN,
    'over channels',
    [f32([1, 4, 1, 1], [1, 2, 3, 4]), axes(1)],
    f32([1, 4, 1, 1], [0.737787946, 1.03722163, 1.0809928, 1.56317989]),
    { alpha: 0.3, beta: 0.75, bias: 1, size: 3 },
  ),
  of(
    op.LRN,
    'over five channels',
    [f32([1, 4, 1, 1], [1, 2, 3, 4]), axes(1)],
    f32([1, 4, 1, 1], [0.542326145, 0.894427191, 1.34164079, 1.80701581]),
    { alpha: 0.5, beta: 0.5, bias: 2, size: 5 },
  ),
];
