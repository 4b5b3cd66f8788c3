import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder } from '../ov/builder.ts';
import { estimateRanges, pointsToCount, type RangeEstimator } from './estimate-ranges.ts';
import { Histogram } from './histogram.ts';
import { Observed } from './observed.ts';
import { LEVELS } from './range.ts';
import type { Point } from './where-to-quantize.ts';

const PRESETS = ['mixed', 'performance'] as const;

const value = new Builder().parameter('x', 'f32', [1, 3, 4, 4]);
const point: Point = { value, perChannel: false, isInput: false, group: 0 };

const number = fc.float({ min: -1000, max: 1000, noNaN: true }).map(x => (Math.abs(x) < 1e-3 ? 0 : x));
const images = fc.array(fc.array(number, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 });

/** Numbers of which most are small and a few are large, as activations are. */
const skewed = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 200, maxLength: 400 })
  .map(xs => Float32Array.from(xs, x => 10 * x ** 6));

function rangesOf(
  all: readonly Float32Array[],
  estimator: RangeEstimator,
  preset: 'mixed' | 'performance',
  at = point,
) {
  const observed = new Observed();
  for (const numbers of all) observed.add(Math.min(...numbers), Math.max(...numbers));
  const extremes = new Map([[at, [observed]]]);
  const histograms = new Map(
    [...pointsToCount(extremes, estimator)].map(([counted, range]) => [counted, new Histogram(range)]),
  );
  for (const histogram of histograms.values()) for (const numbers of all) histogram.add(numbers);
  return estimateRanges(extremes, histograms, { preset, estimator })[0]!.ranges[0]!;
}

/** What `FakeQuantize` computes. */
function quantized(x: number, { low, high }: { readonly low: number; readonly high: number }): number {
  const step = (high - low) / (LEVELS - 1);
  return Math.round((Math.min(high, Math.max(low, x)) - low) / step) * step + low;
}

const errorOf = (all: readonly Float32Array[], range: { readonly low: number; readonly high: number }): number =>
  all.reduce((sum, numbers) => numbers.reduce((own, x) => own + (quantized(x, range) - x) ** 2, sum), 0);

describe('estimateRanges', () => {
  it.each(PRESETS)('rounds all numbers by at most half a step, and 0 not at all (extremes, %s)', preset => {
    fc.assert(
      fc.property(images, lists => {
        const all = lists.map(list => Float32Array.from(list));
        const range = rangesOf(all, 'extremes', preset);
        const step = (range.high - range.low) / (LEVELS - 1);
        expect(Math.abs(quantized(0, range))).toBeLessThan(1e-6 * step);
        for (const x of all.flatMap(numbers => [...numbers]))
          expect(Math.abs(quantized(x, range) - x)).toBeLessThanOrEqual(step * 0.5001);
      }),
    );
  });

  it.each(PRESETS)('follows plain definitions of extremes and averages (%s)', preset => {
    fc.assert(
      fc.property(images, lists => {
        const all = lists.map(list => Float32Array.from(list));
        const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
        const lows = all.map(numbers => Math.min(...numbers));
        const highs = all.map(numbers => Math.max(...numbers));
        for (const [estimator, low, high] of [
          ['extremes', Math.min(0, ...lows), Math.max(0, ...highs)],
          ['mean', Math.min(0, mean(lows)), Math.max(0, mean(highs))],
        ] as const) {
          const range = rangesOf(all, estimator, preset);
          const slack = (1.01 * (range.high - range.low)) / (LEVELS - 1);
          expect(range.high).toBeGreaterThanOrEqual(high * (1 - 1e-6));
          // Half a step of negative numbers is not worth a zero point.
          expect(range.low).toBeLessThanOrEqual(low + slack / 2);
          if (preset === 'mixed' && high - low > 1e-3)
            expect(range.high - range.low).toBeLessThan(high - low + 3 * slack);
          if (preset === 'performance' && range.low < 0) expect(range.low / range.high).toBeCloseTo(-128 / 127, 5);
        }
      }),
    );
  });

  it('leaves out few numbers by percentiles, and errs less by the least error', () => {
    fc.assert(
      fc.property(skewed, numbers => {
        const all = [numbers];
        const whole = rangesOf(all, 'extremes', 'mixed');
        const clipped = rangesOf(all, 'percentile', 'mixed');
        const least = rangesOf(all, 'mse', 'mixed');
        expect(numbers.filter(x => x > clipped.high * 1.001).length).toBeLessThanOrEqual(1);
        expect(clipped.high).toBeLessThanOrEqual(whole.high * (1 + 1e-6));
        expect(least.high).toBeLessThanOrEqual(whole.high * (1 + 1e-6));
        const floor = numbers.length * ((whole.high / 255) ** 2 / 12);
        expect(errorOf(all, least)).toBeLessThanOrEqual(errorOf(all, whole) * 1.3 + floor * 0.3);
      }),
    );
  });

  it('finds the range with the least error among many outliers', () => {
    const numbers = Float32Array.from({ length: 100_000 }, (_, i) => (i === 0 ? 100 : (i % 1000) / 1000));
    const range = rangesOf([numbers], 'mse', 'mixed');
    const candidates = Array.from({ length: 200 }, (_, i) => errorOf([numbers], { low: 0, high: (i + 1) / 2 }));
    expect(errorOf([numbers], range)).toBeLessThan(Math.min(...candidates) * 1.1);
    expect(rangesOf([numbers], 'percentile', 'mixed').high).toBeLessThan(1.1);
  });

  it('clips neither channels with a range of their own nor the image', () => {
    const numbers = Float32Array.from({ length: 100_000 }, (_, i) => (i === 0 ? 100 : 0.5));
    for (const estimator of ['mean', 'percentile', 'mse'] as const) {
      expect(rangesOf([numbers], estimator, 'mixed', { ...point, perChannel: true }).high).toBe(100);
      expect(rangesOf([numbers, Float32Array.of(0)], estimator, 'mixed', { ...point, isInput: true }).high).toBe(100);
    }
  });
});
