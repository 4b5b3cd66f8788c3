import * as op from '../../../src/ov/ops/color.ts';
import { type OpCase, of } from '../op-case.ts';
import { f32 } from '../tensors.ts';

/** Two rows of four pixels: one block of U and V at the left, one at the right. */
const Y = [16, 60, 120, 235, 30, 90, 150, 200];
const U = [100, 160];
const V = [150, 90];

const byte = (value: number): number => Math.min(Math.max(value, 0), 255);

/** BT.601, in the numbers that OpenVINO documents. */
const RGB = Y.flatMap((y, i) => {
  const block = i % 4 < 2 ? 0 : 1;
  const [c, d, e] = [1.164 * (y - 16), U[block]! - 128, V[block]! - 128];
  return [c + 1.596 * e, c - 0.391 * d - 0.813 * e, c + 2.018 * d].map(byte);
});
const BGR = Y.flatMap((_, i) => [RGB[3 * i + 2]!, RGB[3 * i + 1]!, RGB[3 * i]!]);

const y = f32([1, 2, 4, 1], Y);
const rgb = f32([1, 2, 4, 3], RGB);
const bgr = f32([1, 2, 4, 3], BGR);
const uv = [U[0]!, V[0]!, U[1]!, V[1]!];

const nv12 = [f32([1, 3, 4, 1], [...Y, ...uv])];
const nv12Planes = [y, f32([1, 1, 2, 2], uv)];
const i420 = [f32([1, 3, 4, 1], [...Y, ...U, ...V])];
const i420Planes = [y, f32([1, 1, 2, 1], U), f32([1, 1, 2, 1], V)];

export const color: readonly OpCase[] = [
  of(op.NV12toRGB, 'of one tensor', nv12, rgb),
  of(op.NV12toRGB, 'of two planes', nv12Planes, rgb),
  of(op.NV12toBGR, 'of one tensor', nv12, bgr),
  of(op.NV12toBGR, 'of two planes', nv12Planes, bgr),
  of(op.I420toRGB, 'of one tensor', i420, rgb),
  of(op.I420toRGB, 'of three planes', i420Planes, rgb),
  of(op.I420toBGR, 'of one tensor', i420, bgr),
  of(op.I420toBGR, 'of three planes', i420Planes, bgr),
];
