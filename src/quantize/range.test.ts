import { describe, expect, it } from 'vitest';
import { random } from '../tensor/random.ts';
import { LEVELS, rangeFor } from './range.ts';

const next = random(1);
const anywhere = Array.from({ length: 500 }, () => {
  const low = (next() - 0.7) * 10 ** (6 * next() - 3);
  return { low, high: low + next() * 10 ** (6 * next() - 3) };
});
const nearHalfAStep = Array.from({ length: 100 }, (_, i) => {
  const high = 10 ** (6 * next() - 3);
  return { low: (-high / (LEVELS - 1) / 2) * (0.99 + i * 2e-4), high };
});
const cases = [...anywhere, ...nearHalfAStep];

describe('rangeFor', () => {
  it.each(['mixed', 'performance'] as const)('covers the numbers and 0, with 0 at an integer (%s)', preset => {
    for (const numbers of cases) {
      const { low, high } = rangeFor(numbers, preset);
      const step = (high - low) / (LEVELS - 1);
      const message = JSON.stringify(numbers);
      // Numbers of less than half a step become 0 anyway.
      const slack = low === 0 ? step / 2 : 0;
      expect(low * (1 + 1e-9), message).toBeLessThanOrEqual(Math.min(0, numbers.low) + slack);
      expect(high * (1 + 1e-9), message).toBeGreaterThanOrEqual(Math.max(0, numbers.high));
      expect(Math.abs(low / step - Math.round(low / step)), message).toBeLessThan(1e-6);
    }
  });

  it('wastes hardly more than two steps if it may have a zero point', () => {
    for (const numbers of cases) {
      const { low, high } = rangeFor(numbers, 'mixed');
      const needed = Math.max(0, numbers.high) - Math.min(0, numbers.low);
      if (needed > 1e-4) expect(high - low).toBeLessThan(needed * (1 + 2.1 / (LEVELS - 2)));
    }
  });

  it('has no zero point without negative numbers, or for the performance preset', () => {
    expect(rangeFor({ low: 0.5, high: 2 }, 'mixed')).toEqual({ low: 0, high: 2 });
    const { low, high } = rangeFor({ low: -1, high: 3 }, 'performance');
    expect(low / ((high - low) / (LEVELS - 1))).toBeCloseTo(-128, 6);
    expect(high).toBe(3);
  });

  it('gives numbers that are all 0 a range', () => {
    expect(rangeFor({ low: 0, high: 0 }, 'mixed')).toEqual({ low: 0, high: 1e-4 });
    expect(rangeFor({ low: -1e-9, high: 0 }, 'mixed').low).toBeLessThan(0);
  });
});
