import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { classColor, textColorOn } from './class-color.ts';
import type { Detection } from '../detect/detection.ts';
import { annotate, drawDetections } from './draw-detections.ts';
import type { Image } from '../image/image.ts';
import { labelFont, loadCanvas } from './load-canvas.ts';

const GRAY = [128, 128, 128];

const gray = (width: number, height: number): Image => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(128),
  name: 'gray',
});

const detection = (xmin: number, ymin: number, xmax: number, ymax: number, score = 0.87, classId = 18): Detection => ({
  label: 'dog',
  classId,
  score,
  box: { xmin, ymin, xmax, ymax },
});

const pixelAt = ({ width, data }: Image, x: number, y: number) =>
  Array.from(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));

function count(
  image: Image,
  color: readonly number[],
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (pixelAt(image, x, y).every((value, i) => value === color[i])) sum++;
  }
  return sum;
}

describe('boxes', () => {
  it('are crisp lines inside the edges', async () => {
    const drawn = await annotate(gray(400, 300), [detection(100, 100, 300, 200)], { lineWidth: 3 });
    const color = [...classColor(18)];
    for (const [x, y] of [
      [100, 100],
      [102, 150],
      [297, 150],
      [299, 199],
      [200, 102],
      [200, 197],
    ] as const) {
      expect(pixelAt(drawn, x, y), `${x},${y}`).toEqual(color);
    }
    for (const [x, y] of [
      [99, 150],
      [103, 150],
      [296, 150],
      [300, 150],
      [200, 103],
      [200, 196],
      [200, 200],
    ] as const) {
      expect(pixelAt(drawn, x, y), `${x},${y}`).toEqual(GRAY);
    }
  });

  it('have wider lines in larger images', async () => {
    const widthIn = async (side: number) => {
      const drawn = await annotate(gray(side, side), [detection(0, 0, side, side)]);
      return count(drawn, classColor(18), 0, side / 2, side / 2, side / 2 + 1);
    };
    expect([await widthIn(100), await widthIn(1000), await widthIn(2000)]).toEqual([1, 3, 5]);
  });

  it('are on top if the score is higher', async () => {
    const below = detection(10, 10, 90, 90, 0.3, 1);
    const above = detection(10, 10, 90, 90, 0.6, 2);
    for (const detections of [
      [below, above],
      [above, below],
    ]) {
      expect(pixelAt(await annotate(gray(200, 100), detections), 10, 50)).toEqual([...classColor(2)]);
    }
  });

  it('span tiles of the canvas', async () => {
    const drawn = await annotate(gray(5000, 60), [detection(1000, 30, 4900, 55)], { lineWidth: 2 });
    expect(count(drawn, classColor(18), 1000, 54, 4900, 55)).toBe(3900);
    expect(pixelAt(drawn, 4899, 40)).toEqual([...classColor(18)]);
    expect(pixelAt(drawn, 3000, 40)).toEqual(GRAY);
  });
});

describe('labels', () => {
  const color = classColor(18);
  const text = textColorOn(color);

  it('are above the box, on its color', async () => {
    const drawn = await annotate(gray(400, 300), [detection(100, 100, 300, 200)], { textSize: 20 });
    expect(pixelAt(drawn, 100, 99)).toEqual([...color]);
    expect(pixelAt(drawn, 101, 75)).toEqual([...color]);
    expect(count(drawn, text, 100, 73, 300, 100)).toBeGreaterThan(100);
    expect(count(drawn, text, 0, 100, 400, 300)).toBe(0);
  });

  it('are inside a box at the top of the image', async () => {
    const drawn = await annotate(gray(400, 300), [detection(100, 0, 300, 200)], { textSize: 20 });
    expect(count(drawn, text, 100, 0, 300, 27)).toBeGreaterThan(100);
    expect(count(drawn, text, 0, 27, 400, 300)).toBe(0);
  });

  it('fit at the right edge and in a narrow image', async () => {
    const middle = await annotate(gray(400, 300), [detection(100, 100, 300, 200)], { textSize: 20 });
    const right = await annotate(gray(400, 300), [detection(390, 100, 400, 200)], { textSize: 20 });
    expect(count(right, text, 0, 0, 400, 100)).toBe(count(middle, text, 0, 0, 400, 100));
    const narrow = await annotate(gray(60, 300), [detection(0, 100, 60, 200)], { textSize: 20 });
    expect(pixelAt(narrow, 59, 99)).not.toEqual(GRAY);
    expect(count(narrow, text, 0, 0, 3, 100)).toBe(0);
    expect(count(narrow, text, 57, 0, 60, 100)).toBe(0);
  });

  it('contain the score', async () => {
    const low = await annotate(gray(400, 300), [detection(100, 100, 300, 200, 0.11)]);
    const high = await annotate(gray(400, 300), [detection(100, 100, 300, 200, 0.88)]);
    expect(low.data).not.toEqual(high.data);
  });
});

describe('labelFont', () => {
  // Widths from the font's own tables tell it from any other font.
  it.each([
    ['Latin', 'dog 0.87', 85.02],
    ['Latin with accents', 'Łódź', 48.01],
    ['Greek', 'Ωμέγα', 64.28],
    ['Cyrillic', 'Жёлтый', 81.73],
    ['rarer Cyrillic', 'Ӹ', 18.13],
    ['Vietnamese', 'Việt', 38.67],
  ])('is the bundled font: %s', async (_, text, width) => {
    const { createCanvas } = await loadCanvas();
    const context = createCanvas(1, 1).getContext('2d');
    context.font = labelFont(20);
    expect(context.measureText(text).width).toBeCloseTo(width, 1);
  });
});

describe('drawDetections', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('keeps the image size in %s', async format => {
    const bytes = await drawDetections(gray(90, 60), [detection(10, 20, 50, 50)], { format });
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width: 90, height: 60 });
  });

  it('returns a copy without detections', async () => {
    const image = gray(40, 30);
    const { data } = await annotate(image, []);
    expect(data).toEqual(image.data);
    expect(data).not.toBe(image.data);
  });

  it('draws on a single pixel', async () => {
    const bytes = await drawDetections(gray(1, 1), [detection(0, 0, 1, 1)]);
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(Array.from(data)).not.toEqual(GRAY);
  });

  it('draws on 12,000 x 9,000 pixels', async () => {
    const image = gray(12_000, 9_000);
    const bytes = await drawDetections(image, [detection(1000, 1000, 11_999, 8_999)], { format: 'jpeg' });
    expect(await sharp(bytes, { limitInputPixels: false }).metadata()).toMatchObject({ width: 12_000, height: 9_000 });
    expect(pixelAt(image, 1000, 1000)).toEqual(GRAY);
  });

  it.each([{ lineWidth: 0 }, { lineWidth: 1.5 }, { textSize: NaN }, { textSize: -3 }])('rejects %o', async options => {
    await expect(drawDetections(gray(4, 4), [], options)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
