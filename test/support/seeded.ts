import { sizeOf, type Tensor, tensor } from '../../src/tensor/tensor.ts';

/** A float32 tensor to generate, bit by bit like `tools/fixtures/zoo/seeded.py`. `step` is a power of two. */
export type WeightRecord = { readonly shape: readonly number[] } & (
  | { readonly seed: number; readonly scale: number; readonly offset: number }
  | { readonly step: number; readonly integers: readonly number[] }
);

function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/** Maps a hash to an integer from -65535 to 65535 with a triangular distribution. */
const triangle = (hash: number): number => (hash & 0xffff) + (hash >>> 16) - 0xffff;

export function seededTensor(record: WeightRecord): Tensor {
  const data = new Float32Array(sizeOf(record.shape));
  if ('seed' in record) {
    const { seed, scale, offset } = record;
    const key = mix(seed);
    for (let i = 0; i < data.length; i++) data[i] = offset + scale * triangle(mix(i ^ key));
  } else {
    for (const [i, integer] of record.integers.entries()) data[i] = integer * record.step;
  }
  return tensor('f32', record.shape, data);
}

const SHAPES = 18;

/** Paints waves, boxes and ellipses of random colors, and noise: u8 `[1, height, width, 3]`. */
export function seededImage(height: number, width: number, seed: number): Tensor {
  const data = new Uint8ClampedArray(height * width * 3);
  for (let y = 0, at = 0; y < height; y++) {
    const v = Math.floor((y * 1024) / height);
    for (let x = 0; x < width; x++) {
      const u = Math.floor((x * 1024) / width);
      data[at++] = wave(u, 90 + seed);
      data[at++] = wave(u + v, 130 + seed);
      data[at++] = (u * 153 + v * 102) >> 10;
    }
  }
  for (let i = 0; i < SHAPES; i++) paintShape(data, height, width, 1000 * seed + i, i % 2 === 1);
  const key = mix(1000 * seed + SHAPES);
  for (let i = 0; i < data.length; i++) data[i]! += (triangle(mix(i ^ key)) * 12) >> 16;
  return tensor('u8', [1, height, width, 3], new Uint8Array(data.buffer));
}

/** Triangle wave from 255 to 0 and back. */
const wave = (t: number, period: number): number => Math.floor((Math.abs((t % (2 * period)) - period) * 255) / period);

/** Paints a box or an ellipse of a random color with 70 % opacity. */
function paintShape(data: Uint8ClampedArray, height: number, width: number, seed: number, isBox: boolean): void {
  const key = mix(seed);
  const h = (i: number): number => mix(i ^ key) & 0xffff;
  const cy = (height * h(0)) >>> 16;
  const cx = (width * h(1)) >>> 16;
  const ry = 2 + ((height * h(2)) >>> 18);
  const rx = 2 + ((width * h(3)) >>> 18);
  const color = [h(4) & 255, h(5) & 255, h(6) & 255] as const;
  for (let y = Math.max(0, cy - ry + 1); y < Math.min(height, cy + ry); y++) {
    for (let x = Math.max(0, cx - rx + 1); x < Math.min(width, cx + rx); x++) {
      if (!isBox && ((y - cy) * rx) ** 2 + ((x - cx) * ry) ** 2 >= (ry * rx) ** 2) continue;
      const at = 3 * (y * width + x);
      color.forEach((value, c) => (data[at + c] = Math.floor((3 * data[at + c]! + 7 * value) / 10)));
    }
  }
}
