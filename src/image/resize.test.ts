import { describe, expect, it } from 'vitest';
import type { Image } from './image.ts';
import { resize } from './resize.ts';

const imageOf = (width: number, height: number, valueAt: (x: number, y: number, channel: number) => number): Image => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) =>
    valueAt(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3),
  ),
  name: 'made',
});

const reds = ({ data }: Image) => Array.from(data).filter((_, i) => i % 3 === 0);

const ramp = imageOf(8, 1, x => x * 30);
const noise = imageOf(37, 23, (x, y, channel) => (x * x * 31 + y * 97 + channel * 53 + x * y * 7) % 256);

const mirrored = (image: Image): Image =>
  imageOf(image.width, image.height, (x, y, channel) => {
    return image.data[((image.height - 1 - y) * image.width + (image.width - 1 - x)) * 3 + channel]!;
  });

/** The bilinear filter in floating point: a triangle of a pixel to each side, or antialiased, of the step's width if larger. */
function reference(image: Image, width: number, height: number, antialias = true): number[] {
  const weights = (from: number, to: number, i: number): number[] => {
    const radius = antialias ? Math.max(1, from / to) : 1;
    const center = ((i + 0.5) * from) / to;
    const row = Array.from({ length: from }, (_, j) => Math.max(0, 1 - Math.abs(j + 0.5 - center) / radius));
    const sum = row.reduce((a, b) => a + b);
    return row.map(weight => weight / sum);
  };
  return Array.from({ length: width * height * 3 }, (_, i) => {
    const columns = weights(image.width, width, Math.floor(i / 3) % width);
    const rows = weights(image.height, height, Math.floor(i / 3 / width));
    let sum = 0;
    rows.forEach((down, y) => {
      if (down === 0) return;
      columns.forEach((across, x) => (sum += down * across * image.data[(y * image.width + x) * 3 + (i % 3)]!));
    });
    return sum;
  });
}

describe('resize', () => {
  it('returns an image of the requested size unchanged', async () => {
    expect(await resize(noise, 37, 23)).toBe(noise);
  });

  it('interpolates between pixel centers', async () => {
    expect(reds(await resize(ramp, 16, 1))).toEqual([
      0, 8, 23, 38, 53, 68, 83, 98, 113, 128, 143, 158, 173, 188, 203, 210,
    ]);
  });

  it('samples only the nearest pixels without antialiasing', async () => {
    expect(reds(await resize(ramp, 3, 1, { antialias: false }))).toEqual([25, 105, 185]);
    expect(await resize(ramp, 16, 1, { antialias: false })).toEqual(await resize(ramp, 16, 1));
  });

  it.each([
    [18, 11],
    [36, 46],
    [80, 61],
  ])('rounds each pixel once without antialiasing: %i x %i', async (width, height) => {
    const { data } = await resize(noise, width, height, { antialias: false });
    const expected = reference(noise, width, height, false);
    const errors = Array.from(data, (value, i) => Math.abs(value - expected[i]!));
    // Half of a step, and the precision of two weights.
    expect(Math.max(...errors)).toBeLessThan(0.5 + 2 / 16);
  });

  it.each([
    ['smaller', 16, 11],
    ['much smaller', 3, 2],
    ['larger', 80, 61],
    ['narrower and taller', 20, 50],
    ['wider and flatter', 90, 10],
    ['a single pixel', 1, 1],
  ])('matches the antialiased bilinear filter: %s', async (_, width, height) => {
    const resized = await resize(noise, width, height);
    expect(resized).toMatchObject({ width, height, name: 'made' });
    const expected = reference(noise, width, height);
    const errors = Array.from(resized.data, (value, i) => Math.abs(value - expected[i]!));
    expect(errors).toHaveLength(expected.length);
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeLessThan(3);
  });

  it.each([
    [16, 10],
    [74, 46],
    [20, 60],
  ])('does not shift the image: %i x %i', async (width, height) => {
    const there = (await resize(noise, width, height)).data;
    const back = mirrored(await resize(mirrored(noise), width, height)).data;
    const errors = Array.from(there, (value, i) => Math.abs(value - back[i]!));
    expect(Math.max(...errors)).toBeLessThan(4);
  });

  it('enlarges a single pixel', async () => {
    const one = imageOf(1, 1, (_x, _y, channel) => [9, 8, 7][channel]!);
    expect((await resize(one, 2, 2)).data).toEqual(Uint8Array.of(9, 8, 7, 9, 8, 7, 9, 8, 7, 9, 8, 7));
  });
});
