import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tilesOf } from './tiles.ts';

const side = fc.integer({ min: 1, max: 3000 });
const tile = fc.integer({ min: 16, max: 900 });
const overlap = fc.double({ min: 0, max: 0.9, noNaN: true });

describe('tiles', () => {
  it('lie as asked for', () => {
    expect(tilesOf({ width: 250, height: 90 }, { width: 100, height: 100, overlap: 0.2 })).toEqual([
      { x: 0, y: 0, width: 100, height: 90 },
      { x: 80, y: 0, width: 100, height: 90 },
      { x: 150, y: 0, width: 100, height: 90 },
    ]);
  });

  it('cover every pixel, stay inside, and share what is asked for', () => {
    const sizes = fc.record({ width: side, height: side });
    fc.assert(
      fc.property(sizes, fc.record({ width: tile, height: tile, overlap }), (picture, tiles) => {
        const rects = tilesOf(picture, tiles);
        for (const [axis, length] of [
          ['x', 'width'],
          ['y', 'height'],
        ] as const) {
          const starts = [...new Set(rects.map(rect => rect[axis]))].sort((a, b) => a - b);
          const size = rects[0]![length];
          expect(starts[0]).toBe(0);
          expect(starts.at(-1)! + size).toBe(picture[length]);
          starts.slice(1).forEach((start, i) => {
            expect(starts[i]! + size - start).toBeGreaterThanOrEqual(Math.floor(size * tiles.overlap));
          });
        }
        expect(new Set(rects.map(({ x, y }) => `${x},${y}`)).size).toBe(rects.length);
      }),
    );
  });

  it('are refused when they hardly move or hold nothing', () => {
    const picture = { width: 100, height: 100 };
    for (const wrong of [-0.1, 0.95, NaN]) {
      expect(() => tilesOf(picture, { width: 64, height: 64, overlap: wrong })).toThrow(
        'tiles overlap by a share from 0 to 0.9',
      );
    }
    for (const wrong of [0, 15, 64.5, NaN]) {
      expect(() => tilesOf(picture, { width: wrong, height: 64 })).toThrow('too small');
    }
  });
});
