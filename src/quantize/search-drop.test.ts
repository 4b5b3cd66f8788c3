import { describe, expect, it } from 'vitest';
import { searchDrop } from './search-drop.ts';

const ITEMS = Array.from({ length: 40 }, (_, i) => i);

describe('searchDrop', () => {
  it('restores nothing that need not be', async () => {
    for (const harmful of [[], [0], [39], [7, 8], [3, 31], [0, 1, 2, 3]]) {
      let tried = 0;
      const dropWith = (restored: readonly number[]): Promise<number> => {
        tried++;
        return Promise.resolve(harmful.every(item => restored.includes(item)) ? 0.01 : 0.2);
      };
      expect((await searchDrop(ITEMS, 0.02, dropWith)).restored).toEqual(harmful);
      expect(tried).toBeLessThanOrEqual(32);
    }
  });

  it('returns the drop that it measured', async () => {
    const dropWith = (restored: readonly number[]): Promise<number> => Promise.resolve(1 - restored.length / 40);
    const { restored, drop } = await searchDrop(ITEMS, 0.5, dropWith);
    expect(drop).toBe(0.5);
    expect(restored).toEqual(ITEMS.slice(0, 20));
  });

  it('restores all if no part is within the bound', async () => {
    expect(await searchDrop(ITEMS, 0.02, () => Promise.resolve(0.5))).toEqual({ restored: ITEMS, drop: 0 });
  });
});
