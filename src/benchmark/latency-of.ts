import type { Latency } from './benchmark-result.ts';

export function latencyOf(latencies: readonly number[]): Latency {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    median: percentile(sorted, 50),
    average: sorted.reduce((sum, latency) => sum + latency, 0) / sorted.length,
    min: percentile(sorted, 0),
    max: percentile(sorted, 100),
  };
}

/** Returns the smallest number that is not exceeded by `percent` of the sorted numbers. */
export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)]!;
