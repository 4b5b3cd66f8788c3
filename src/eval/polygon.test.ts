import { describe, expect, it } from 'vitest';
import { pixelsOfPolygon } from './polygon.ts';

const size = { width: 6, height: 4 };

describe('pixelsOfPolygon', () => {
  it('counts pixels column by column', () => {
    expect(pixelsOfPolygon([1, 1, 3, 1, 3, 3, 1, 3], size)).toEqual([5, 7, 9, 11]);
  });

  it('takes no longer for corners far outside of the image', () => {
    for (const far of [1e3, 1e9, 2 ** 32, 1e300]) {
      expect(pixelsOfPolygon([-far, -far, far, -far, far, far, -far, far], size)).toEqual([0, 24]);
      expect(pixelsOfPolygon([far, 0, 2 * far, 0, far, far], size)).toEqual([]);
    }
  });

  it('rejects outlines that cross too many columns', () => {
    const wide = { width: 2 ** 30, height: 1 };
    expect(() => pixelsOfPolygon([0, 0, 2 ** 28, 0, 2 ** 28, 1], wide)).toThrow(
      expect.objectContaining({ code: 'limit' }) as Error,
    );
  });
});
