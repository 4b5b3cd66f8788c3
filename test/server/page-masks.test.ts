import { createCanvas } from '@napi-rs/canvas';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runLengths, type RunLengths } from '../../src/detect/run-length.ts';
import { ROOT } from '../support/run-cli.ts';

/** The page's code needs the types of browsers, which tests do without. */
const { fillMask } = (await import(join(ROOT, 'web/detect/draw-shapes.ts'))) as {
  readonly fillMask: (context: unknown, mask: RunLengths, color: readonly number[]) => void;
};

const SIZE = { width: 40, height: 24 };

/** A mask of which some columns are whole, so that runs go on in the next one. */
function maskOf(isInside: (x: number, y: number) => boolean): Uint8Array {
  const pixels = Array.from({ length: SIZE.width * SIZE.height }, (_, i) =>
    isInside(i % SIZE.width, Math.floor(i / SIZE.width)) ? 1 : 0,
  );
  return Uint8Array.from(pixels);
}

it.each([
  ['a disk', (x: number, y: number) => (x - 20) ** 2 + (y - 12) ** 2 < 81],
  ['whole columns', (x: number) => x > 4 && x < 12],
  ['everything', () => true],
  ['nothing', () => false],
  ['a checkerboard', (x: number, y: number) => (x + y) % 2 === 0],
])('fills %s, pixel by pixel', (_, isInside) => {
  const mask = maskOf(isInside);
  const lengths = runLengths(SIZE, { x: 0, y: 0, ...SIZE }, mask);
  for (const scale of [1, 3]) {
    const canvas = createCanvas(SIZE.width * scale, SIZE.height * scale);
    const context = canvas.getContext('2d');
    fillMask(context, lengths, [255, 0, 0]);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const painted = mask.map((_pixel, i) => {
      const x = (i % SIZE.width) * scale;
      const y = Math.floor(i / SIZE.width) * scale;
      return data[4 * (y * canvas.width + x) + 3]! > 0 ? 1 : 0;
    });
    expect(painted).toEqual(mask);
  }
});
