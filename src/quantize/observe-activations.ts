import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { ReduceMax, ReduceMean, ReduceMin } from '../ov/ops/reduction.ts';
import type { Core } from '../runtime/core.ts';
import { inputAxisOf } from './bias-shifts.ts';
import { type ByChannel, factorsBetween, type Pair } from './equalize-channels.ts';
import type { Filter } from './filter.ts';
import { measure, type MeasureOptions, type Samples } from './measure.ts';
import { Observed } from './observed.ts';
import type { Point } from './where-to-quantize.ts';

/** Samples that the factors of channels come from, which need not be precise. */
const ENOUGH = 4;

export interface Activations {
  /** The extremes of each point, or of each of its channels, once channels are equalized. */
  readonly extremes: readonly (readonly Observed[])[];
  /** Averages of the channels of each filter's data, once channels are equalized. */
  readonly means: readonly Float64Array[];
  /** What to divide the channels between pairs by. */
  readonly factors: ByChannel;
}

/** Finds the extremes of points, the averages of what filters read, and the factors of pairs, in one run per sample. */
export async function observeActivations(
  core: Core,
  graph: Graph,
  points: readonly Point[],
  filters: readonly Filter[],
  pairs: readonly Pair[],
  samples: Samples,
  options: MeasureOptions,
): Promise<Activations> {
  const b = new Builder();
  const paired = new Set(pairs.map(({ between }) => between));
  const averaged = new Map<Value, Value>();
  for (const { node } of filters) {
    const [data] = node.inputs as readonly [Value];
    if (!averaged.has(data))
      averaged.set(data, b.add(ReduceMean, [data, b.i64(...axesExcept(data, inputAxisOf(node)))]));
  }
  const statistics = [
    ...points.flatMap(({ value, perChannel }) => extremesOf(b, value, perChannel || paired.has(value))),
    ...averaged.values(),
  ];
  const observed = points.map(point => Array.from({ length: rangesOf(point) }, () => new Observed()));
  const averages = [...averaged.values()].map(({ shape }) => new Averages(Number(shape[0])));
  const runs = measure(core, graph, statistics, b, samples, options);
  const first = await take(runs, ENOUGH);
  const factors = factorsBetween(pairs, sizesBetween(points, paired, first));
  const observe = (numbers: readonly Float32Array[]): void => {
    points.forEach(({ value }, i) => {
      const [lows, highs] = [numbers[2 * i]!, numbers[2 * i + 1]!];
      const own = factors.get(value);
      if (own === undefined) observed[i]!.forEach((channel, c) => channel.add(lows[c]!, highs[c]!));
      else
        observed[i]![0]!.add(
          least(lows, own),
          -least(
            highs.map(high => -high),
            own,
          ),
        );
    });
    averages.forEach((average, i) => {
      average.add(numbers[2 * points.length + i]!);
    });
  };
  first.forEach(observe);
  for await (const numbers of runs) observe(numbers);
  const meansOf = new Map(
    [...averaged.keys()].map((value, i) => {
      const own = factors.get(value);
      return [value, averages[i]!.means().map((mean, channel) => mean / (own?.[channel] ?? 1))];
    }),
  );
  return {
    extremes: observed,
    means: filters.map(({ node }) => meansOf.get(node.inputs[0]!)!),
    factors,
  };
}

/** The first results, of which there may be fewer. */
async function take<T>(results: AsyncIterator<T, void>, count: number): Promise<readonly T[]> {
  const taken: T[] = [];
  while (taken.length < count) {
    const { done, value } = await results.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

/** The largest absolute number of each channel between pairs. */
function sizesBetween(
  points: readonly Point[],
  paired: ReadonlySet<Value>,
  runs: readonly (readonly Float32Array[])[],
): ByChannel {
  return new Map(
    points.flatMap(({ value }, i) => {
      if (!paired.has(value)) return [];
      const sizes = new Float64Array(Number(value.shape[1]));
      for (const numbers of runs) {
        const [lows, highs] = [numbers[2 * i]!, numbers[2 * i + 1]!];
        lows.forEach((low, c) => {
          if (low <= highs[c]!) sizes[c] = Math.max(sizes[c]!, -low, highs[c]!);
        });
      }
      return [[value, sizes]];
    }),
  );
}

/** The lowest of some numbers, each divided by a factor. */
const least = (numbers: Float32Array, factors: Float64Array): number =>
  numbers.reduce((low, number, channel) => Math.min(low, number / factors[channel]!), Infinity);

/** Number of ranges of a point. */
const rangesOf = ({ value, perChannel }: Point): number => (perChannel ? Number(value.shape[1]) : 1);

const axesExcept = ({ shape }: Value, kept: number | undefined): readonly number[] =>
  [...shape.keys()].filter(axis => axis !== kept);

/** Adds the lowest and the highest number of a value, or of each of its channels. */
function extremesOf(b: Builder, value: Value, perChannel: boolean): readonly [low: Value, high: Value] {
  const axes = b.i64(...axesExcept(value, perChannel ? 1 : undefined));
  return [b.add(ReduceMin, [value, axes]), b.add(ReduceMax, [value, axes])];
}

class Averages {
  #count = 0;
  readonly #sums: Float64Array;

  constructor(channels: number) {
    this.#sums = new Float64Array(channels);
  }

  add(means: Float32Array): void {
    // The average of no elements is not a number.
    if (!means.every(Number.isFinite)) return;
    this.#count++;
    means.forEach((number, channel) => (this.#sums[channel]! += number));
  }

  means(): Float64Array {
    return this.#sums.map(sum => sum / Math.max(1, this.#count));
  }
}
