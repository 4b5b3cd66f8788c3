import { describe, expect, it } from 'vitest';
import { searchDrop } from './search-drop.ts';

describe('searchDrop', () => {
  it('finds the least number of layers whose drop is within the bound', async () => {
    for (let needed = 0; needed <= 40; needed++) {
      const tried: number[] = [];
      const dropWith = (restored: number): Promise<number> => {
        tried.push(restored);
        return Promise.resolve(restored >= needed ? 0.01 : 0.2);
      };
      expect(await searchDrop(40, 0.02, dropWith)).toEqual({ restored: needed, drop: needed === 40 ? 0 : 0.01 });
      expect(new Set(tried).size).toBe(tried.length);
      expect(tried.length).toBeLessThanOrEqual(7);
    }
  });

  it('restores all if no part is within the bound', async () => {
    expect(await searchDrop(5, 0.02, () => Promise.resolve(0.5))).toEqual({ restored: 5, drop: 0 });
  });
});
