import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { ReduceMax, ReduceMin } from '../ov/ops/reduction.ts';
import type { Core } from '../runtime/core.ts';
import type { RangedPoint } from './fake-quantize.ts';
import { measure, type MeasureOptions, type Samples } from './measure.ts';
import { type Preset, type Range, rangeFor } from './range.ts';
import type { Point } from './where-to-quantize.ts';

/** `mean`: the averages over the images of their lowest and highest numbers. `extremes`: the lowest and highest of all images. */
export type RangeEstimator = 'mean' | 'extremes';

export interface RangeOptions extends MeasureOptions {
  readonly preset: Preset;
  readonly estimator: RangeEstimator;
}

/** Finds the ranges of points from the activations of samples. A point that no sample reaches is left out. */
export async function estimateRanges(
  core: Core,
  graph: Graph,
  points: readonly Point[],
  samples: Samples,
  options: RangeOptions,
): Promise<readonly RangedPoint[]> {
  const b = new Builder();
  const statistics = points.flatMap(point => extremesOf(b, point));
  const observed = points.map(point => Array.from({ length: rangesOf(point) }, () => new Observed()));
  for await (const numbers of measure(core, graph, statistics, b, samples, options)) {
    observed.forEach((channels, i) => {
      channels.forEach((channel, c) => {
        channel.add(numbers[2 * i]![c]!, numbers[2 * i + 1]![c]!);
      });
    });
  }
  const common = new Map<number, Range>();
  const found = points.map(({ group, perChannel, isInput }, i) => {
    // A channel may respond to a few of the images only, and an average would clip it there. Images use their whole range.
    const estimator = perChannel || isInput ? 'extremes' : options.estimator;
    const ranges = observed[i]!.map(channel => channel.range(estimator));
    const [range] = ranges;
    if (ranges.length === 1 && range !== undefined) common.set(group, union(common.get(group) ?? range, range));
    return ranges;
  });
  return points.flatMap((point, i) => {
    const own = point.perChannel ? found[i]! : [common.get(point.group)];
    if (own.every(range => range === undefined)) return [];
    return [{ ...point, ranges: own.map(range => rangeFor(range ?? NOTHING, options.preset)) }];
  });
}

const NOTHING: Range = { low: 0, high: 0 };

/** Number of ranges of a point. */
const rangesOf = ({ value, perChannel }: Point): number => (perChannel ? Number(value.shape[1]) : 1);

/** Adds the lowest and the highest number of a value, or of each of its channels. */
function extremesOf(b: Builder, { value, perChannel }: Point): readonly [low: Value, high: Value] {
  const axes = value.shape.flatMap((_, axis) => (perChannel && axis === 1 ? [] : [axis]));
  return [b.add(ReduceMin, [value, b.i64(...axes)]), b.add(ReduceMax, [value, b.i64(...axes)])];
}

const union = (a: Range, b: Range): Range => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) });

class Observed {
  #count = 0;
  #lows = 0;
  #highs = 0;
  #low = Infinity;
  #high = -Infinity;

  /** Values without elements have no lowest number: OpenVINO returns the limits of the type, in the wrong order. */
  add(low: number, high: number): void {
    if (!(low <= high)) return;
    this.#count++;
    this.#lows += low;
    this.#highs += high;
    this.#low = Math.min(this.#low, low);
    this.#high = Math.max(this.#high, high);
  }

  range(estimator: RangeEstimator): Range | undefined {
    if (this.#count === 0) return undefined;
    if (estimator === 'extremes') return { low: this.#low, high: this.#high };
    return { low: this.#lows / this.#count, high: this.#highs / this.#count };
  }
}
