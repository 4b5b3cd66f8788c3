import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from './assign.ts';

/** The lowest total cost over all ways to pair rows and columns, where an unpaired row costs `limit`. */
function lowest(costs: readonly (readonly number[])[], limit: number, row = 0, taken: readonly number[] = []): number {
  if (row === costs.length) return 0;
  const pairs = costs[row]!.map((cost, column) =>
    cost > limit || taken.includes(column) ? Infinity : cost + lowest(costs, limit, row + 1, [...taken, column]),
  );
  return Math.min(limit + lowest(costs, limit, row + 1, taken), ...pairs);
}

describe('assign', () => {
  it('pairs at the lowest total cost', () => {
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
    fc.assert(
      fc.property(matrix, fc.integer({ min: 0, max: 12 }), (costs, limit) => {
        const pairs = assign(costs, limit);
        expect(new Set(pairs.map(([row]) => row)).size).toBe(pairs.length);
        expect(new Set(pairs.map(([, column]) => column)).size).toBe(pairs.length);
        const cost = pairs.reduce((sum, [row, column]) => sum + costs[row]![column]!, 0);
        expect(cost + limit * (costs.length - pairs.length)).toBe(lowest(costs, limit));
      }),
    );
  });

  it('never pairs what costs more than the limit', () => {
    expect(assign([[Infinity, 3], [0.5, Infinity]], 1)).toEqual([[1, 0]]); // prettier-ignore
    expect(assign([], 1)).toEqual([]);
    expect(assign([[], []], 1)).toEqual([]);
  });
});
