import { Builder } from '../ov/builder.ts';
import type { Graph, Node, Value } from '../ov/graph.ts';
import { ReduceMax, ReduceMean, ReduceMin } from '../ov/ops/reduction.ts';
import type { Core } from '../runtime/core.ts';
import { inputAxisOf } from './bias-shifts.ts';
import type { Filter } from './filter.ts';
import { measure, type MeasureOptions, type Samples } from './measure.ts';
import { Observed } from './observed.ts';
import type { Point } from './where-to-quantize.ts';

export interface Activations {
  /** The extremes of each point, or of each of its channels. */
  readonly extremes: ReadonlyMap<Point, readonly Observed[]>;
  /** Averages of the channels of each filter's data. */
  readonly means: ReadonlyMap<Node, Float64Array>;
}

/** Finds the extremes of points, and the averages of what filters read, in one run per sample. */
export async function observeActivations(
  core: Core,
  graph: Graph,
  points: readonly Point[],
  filters: readonly Filter[],
  samples: Samples,
  options: MeasureOptions,
): Promise<Activations> {
  const b = new Builder();
  const averaged = new Map<Value, Value>();
  for (const { node } of filters) {
    const [data] = node.inputs as readonly [Value];
    if (!averaged.has(data))
      averaged.set(data, b.add(ReduceMean, [data, b.i64(...axesExcept(data, inputAxisOf(node)))]));
  }
  const statistics = [...points.flatMap(point => extremesOf(b, point)), ...averaged.values()];
  const observed = points.map(point => Array.from({ length: rangesOf(point) }, () => new Observed()));
  const averages = [...averaged.values()].map(({ shape }) => new Averages(Number(shape[0])));
  for await (const numbers of measure(core, graph, statistics, b, samples, options)) {
    observed.forEach((channels, i) => {
      channels.forEach((channel, c) => {
        channel.add(numbers[2 * i]![c]!, numbers[2 * i + 1]![c]!);
      });
    });
    averages.forEach((average, i) => {
      average.add(numbers[2 * points.length + i]!);
    });
  }
  const meansOf = new Map([...averaged.keys()].map((value, i) => [value, averages[i]!.means()]));
  return {
    extremes: new Map(points.map((point, i) => [point, observed[i]!])),
    means: new Map(filters.map(({ node }) => [node, meansOf.get(node.inputs[0]!)!])),
  };
}

/** Number of ranges of a point. */
const rangesOf = ({ value, perChannel }: Point): number => (perChannel ? Number(value.shape[1]) : 1);

const axesExcept = ({ shape }: Value, kept: number | undefined): readonly number[] =>
  [...shape.keys()].filter(axis => axis !== kept);

/** Adds the lowest and the highest number of a value, or of each of its channels. */
function extremesOf(b: Builder, { value, perChannel }: Point): readonly [low: Value, high: Value] {
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
