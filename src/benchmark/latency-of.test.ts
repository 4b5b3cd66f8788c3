import { expect, it } from 'vitest';
import { latencyOf, percentile } from './latency-of.ts';

it('summarizes latencies in any order', () => {
  expect(latencyOf([4, 1, 10, 2])).toEqual({ median: 2, average: 4.25, min: 1, max: 10 });
  expect(latencyOf([3])).toEqual({ median: 3, average: 3, min: 3, max: 3 });
});

it('finds percentiles of sorted numbers', () => {
  const numbers = Array.from({ length: 200 }, (_, i) => i + 1);
  expect([0, 1, 50, 99, 100].map(percent => percentile(numbers, percent))).toEqual([1, 2, 100, 198, 200]);
});
