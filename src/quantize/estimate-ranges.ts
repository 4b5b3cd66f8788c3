import type { RangedPoint } from './fake-quantize.ts';
import type { Histogram } from './histogram.ts';
import type { Observed } from './observed.ts';
import { type Preset, type Range, rangeFor } from './range.ts';
import type { Point } from './where-to-quantize.ts';

/**
 * `mean`: the averages over the images of their lowest and highest numbers. `extremes`: the lowest and highest of all images.
 * `percentile`: those without the lowest and the highest 0.01 %. `mse`: the ranges with the least mean square error.
 */
export type RangeEstimator = 'mean' | 'extremes' | 'percentile' | 'mse';

/** Numbers that percentiles leave out at each end. */
const CLIPPED = 1e-4;

/** Estimators that take histograms. */
const WITHIN: Readonly<Partial<Record<RangeEstimator, (histogram: Histogram) => Range>>> = {
  percentile: histogram => histogram.percentiles(CLIPPED),
  mse: histogram => histogram.leastError(),
};

/** Returns the points of which an estimator needs histograms, with their extremes. */
export function pointsToCount(
  extremes: ReadonlyMap<Point, readonly Observed[]>,
  estimator: RangeEstimator,
): ReadonlyMap<Point, Range> {
  if (WITHIN[estimator] === undefined) return new Map();
  return new Map(
    [...extremes].flatMap(([point, [whole]]) =>
      isClipped(point) && whole?.extremes !== undefined ? [[point, whole.extremes] as const] : [],
    ),
  );
}

/** A channel may respond to a few of the images only, and an average would clip it there. Images use their whole range. */
const isClipped = ({ perChannel, isInput }: Point): boolean => !perChannel && !isInput;

export interface RangeOptions {
  readonly preset: Preset;
  readonly estimator: RangeEstimator;
}

/** Returns the ranges of points. A point that no sample reached is left out. */
export function estimateRanges(
  extremes: ReadonlyMap<Point, readonly Observed[]>,
  histograms: ReadonlyMap<Point, Histogram>,
  { preset, estimator }: RangeOptions,
): readonly RangedPoint[] {
  const rangeOf = (point: Point, channel: Observed): Range | undefined => {
    if (estimator === 'extremes' || !isClipped(point)) return channel.extremes;
    const histogram = histograms.get(point);
    return histogram === undefined ? channel.mean : WITHIN[estimator]!(histogram);
  };
  const common = new Map<number, Range>();
  const found = [...extremes].map(([point, channels]) => {
    const ranges = channels.map(channel => rangeOf(point, channel));
    const [range] = ranges;
    if (ranges.length === 1 && range !== undefined)
      common.set(point.group, union(common.get(point.group) ?? range, range));
    return { point, ranges };
  });
  return found.flatMap(({ point, ranges }) => {
    const own = point.perChannel ? ranges : [common.get(point.group)];
    if (own.every(range => range === undefined)) return [];
    return [{ ...point, ranges: own.map(range => rangeFor(range ?? NOTHING, preset)) }];
  });
}

const NOTHING: Range = { low: 0, high: 0 };

const union = (a: Range, b: Range): Range => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) });
