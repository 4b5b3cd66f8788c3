import { ops as op } from '../../../src/ov/ops/index.ts';
import { type OpCase, fixed, of } from '../op-case.ts';
import { f32 } from '../tensors.ts';

export const quantization: readonly OpCase[] = [
  of(
    op.FakeQuantize,
    'in five levels',
    [f32([8], [-2, -1, -0.4, 0, 0.3, 0.5, 1, 3]), ...[-1, 1, 0, 10].map(bound => fixed(f32([], [bound])))],
    f32([8], [0, 0, 2.5, 5, 7.5, 7.5, 10, 10]),
    { levels: 5 },
  ),
];
