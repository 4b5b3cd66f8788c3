import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tilesOf } from './tiles.ts';

const side = fc.integer({ min: 1, max: 3000 });
const tile = fc.integer({ min: 16, max: 900 });
const overlap = fc.double({ min: 0, max: 0.9, noNaN: true });

describe('tilesOf', () => {
  it('returns tiles of the requested size and overlap', () => {
    expect(tilesOf({ width: 250, height: 90 }, { width: 100, height: 100, overlap: 0.2 })).toEqual([
      { x: 0, y: 0, width: 100, height: 90 },
      { x: 80, y: 0, width: 100, height: 90 },
      { x: 150, y: 0, width: 100, height: 90 },
    ]);
  });

  it('covers every pixel, stays inside, and overlaps as requested', () => {
    const sizes = fc.record({ width: side, height: side });
    fc.assert(
      fc.property(sizes, fc.record({ width: tile, height: tile, overlap }), (image, tiles) => {
        const rects = tilesOf(image, tiles);
        for (const [axis, length] of [
          ['x', 'width'],
          ['y', 'height'],
        ] as const) {
          const starts = [...new Set(rects.map(rect => rect[axis]))].sort((a, b) => a - b);
          const size = rects[0]![length];
          expect(starts[0]).toBe(0);
          expect(starts.at(-1)! + size).toBe(image[length]);
          starts.slice(1).forEach((start, i) => {
            expect(starts[i]! + size - start).toBeGreaterThanOrEqual(Math.floor(size * tiles.overlap));
          });
        }
        expect(new Set(rects.map(({ x, y }) => `${x},${y}`)).size).toBe(rects.length);
      }),
    );
  });

  it('rejects an overlap or size out of range', () => {
    const image = { width: 100, height: 100 };
    for (const wrong of [-0.1, 0.95, NaN]) {
      expect(() => tilesOf(image, { width: 64, height: 64, overlap: wrong })).toThrow(
        'the overlap of tiles must be between 0 and 0.9',
      );
    }
    for (const wrong of [0, 15, 64.5, NaN]) {
      expect(() => tilesOf(image, { width: wrong, height: 64 })).toThrow('must be whole numbers of at least 16 pixels');
    }
  });
});
