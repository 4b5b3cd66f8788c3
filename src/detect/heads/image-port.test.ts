import { describe, expect, it } from 'vitest';
import type { Image } from '../../image/image.ts';
import { fedArea, feedImage, type ImagePort } from './image-port.ts';

const PORT: ImagePort = { name: 'x', type: 'f32', layout: 'NHWC', height: 4, width: 4 };

/** Red, green and blue of 10, 20 and 30. */
const image: Image = {
  width: 8,
  height: 4,
  data: Uint8Array.from({ length: 96 }, (_, i) => 10 * ((i % 3) + 1)),
  name: 'i',
};

const reds = async (fit: 'fit_to_window' | 'fit_to_window_letterbox'): Promise<readonly number[]> => {
  const { data } = (await feedImage(image, PORT, { fit, padValue: 114 }))['x']!;
  return Array.from({ length: 16 }, (_, i) => Number(data[3 * i]));
};

describe('feedImage', () => {
  it('keeps the aspect ratio and pads both sides', async () => {
    const padding = [114, 114, 114, 114];
    expect(await reds('fit_to_window_letterbox')).toEqual([...padding, ...Array<number>(8).fill(10), ...padding]);
  });

  it('keeps the aspect ratio and pads below', async () => {
    expect(await reds('fit_to_window')).toEqual([...Array<number>(8).fill(10), ...Array<number>(8).fill(114)]);
  });

  it('resizes the padding with the image if that is padded first', async () => {
    const feeding = { fit: 'fit_to_window_letterbox', padsFirst: true, antialias: false } as const;
    // Of 8 x 5, one row is added above and below; 7 rows become 4, whose first and last are mixed with them.
    const low = { ...image, height: 5, data: new Uint8Array(120).fill(10) };
    const { data } = (await feedImage(low, PORT, feeding))['x']!;
    expect([0, 1, 2, 3].map(y => data[12 * y])).toEqual([4, 10, 10, 4]);
    expect(fedArea(low, PORT, feeding)).toEqual({ x: -0, y: -1 / 5, width: 1, height: 7 / 5 });
  });

  // The sizes are those of KerasCV's Resizing layer.
  it.each([
    [16, [41, 30], [15, 11]],
    [300, [72, 54], [300, 224]],
    [640, [108, 81], [640, 479]],
  ] as const)('rounds sizes down as in f32: into %d, %j becomes %j', async (size, [width, height], expected) => {
    const white = { width, height, data: new Uint8Array(width * height * 3).fill(255), name: 'white' };
    const feeding = { fit: 'fit_to_window', roundsDown: true } as const;
    const { data } = (await feedImage(white, { ...PORT, width: size, height: size }, feeding))['x']!;
    const filled = (stride: number): number =>
      Array.from({ length: size }, (_, i) => Number(data[3 * stride * i])).filter(red => red > 0).length;
    expect([filled(1), filled(size)]).toEqual(expected);
  });

  it('normalizes, per channel and in the layout of the input', async () => {
    const feeding = { mean: [10, 18, 20], scale: [1, 2, 5] };
    const last = (await feedImage(image, PORT, feeding))['x']!;
    expect([...(last.data as Float32Array)].slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2]);
    const first = (await feedImage(image, { ...PORT, layout: 'NCHW' }, { ...feeding, bgr: true }))['x']!;
    expect([0, 16, 32].map(i => first.data[i])).toEqual([20, 1, -2]);
  });
});

describe('fedArea', () => {
  it.each([
    ['standard', { x: 0, y: 0, width: 1, height: 1 }],
    ['fit_to_window', { x: 0, y: 0, width: 1, height: 2 }],
    ['fit_to_window_letterbox', { x: 0, y: -0.5, width: 1, height: 2 }],
  ] as const)('is the part of the image that the model sees: %s', (fit, area) => {
    expect(fedArea(image, PORT, { fit })).toEqual(area);
  });
});
