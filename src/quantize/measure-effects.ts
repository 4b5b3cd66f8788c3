import { Builder } from '../ov/builder.ts';
import type { Graph, Node, Value } from '../ov/graph.ts';
import { Subtract } from '../ov/ops/arithmetic.ts';
import { ReduceL2, ReduceMean } from '../ov/ops/reduction.ts';
import type { Core } from '../runtime/core.ts';
import { fakeQuantize, type RangedPoint } from './fake-quantize.ts';
import type { Filter } from './filter.ts';
import { measure, type MeasureOptions, type Samples } from './measure.ts';
import { dequantized, type QuantizedWeights } from './quantize-weights.ts';

/** What quantization does to the output of a filter, given f32 data. */
export interface Effect {
  /** Average change of each channel. */
  readonly shift: Float32Array;
  /** Root of the mean square of the change, relative to that of the output. */
  readonly noise: number;
}

export type Effects = ReadonlyMap<Node, Effect>;

/**
 * Measures what quantization does to each filter's output. Every filter also runs quantized, next to itself and on the same f32
 * data, so one run per sample measures all filters.
 */
export async function measureEffects(
  core: Core,
  graph: Graph,
  filters: readonly Filter[],
  points: readonly RangedPoint[],
  weights: ReadonlyMap<Node, QuantizedWeights>,
  samples: Samples,
  options: MeasureOptions,
): Promise<Effects> {
  const b = new Builder();
  const quantized = quantizedReader(b, points);
  const statistics = filters.flatMap(({ node, outputAxis }) => {
    const [output] = node.outputs as readonly [Value];
    const inputs = [quantized(node.inputs[0]!), dequantized(b, weights.get(node)!), ...node.inputs.slice(2)];
    const difference = b.add(Subtract, [b.rebuild(node, inputs)[0]!, output]);
    const all = output.shape.map((_, axis) => axis);
    const others = all.filter(axis => axis !== outputAxis);
    const size = (x: Value): Value => b.add(ReduceL2, [x, b.i64(...all)]);
    return [b.add(ReduceMean, [difference, b.i64(...others)]), size(difference), size(output)];
  });
  const sums = filters.map(({ node, outputAxis }) => new Sums(Number(node.outputs[0]!.shape[outputAxis])));
  for await (const numbers of measure(core, graph, statistics, b, samples, options)) {
    sums.forEach((sum, i) => {
      sum.add(numbers[3 * i]!, numbers[3 * i + 1]![0]!, numbers[3 * i + 2]![0]!);
    });
  }
  return new Map(filters.map(({ node }, i) => [node, sums[i]!.effect()]));
}

class Sums {
  #count = 0;
  #noise = 0;
  #signal = 0;
  readonly #means: Float64Array;

  constructor(channels: number) {
    this.#means = new Float64Array(channels);
  }

  add(means: Float32Array, noise: number, signal: number): void {
    // The average of no elements is not a number.
    if (means.some(number => !Number.isFinite(number))) return;
    this.#count++;
    this.#noise += noise ** 2;
    this.#signal += signal ** 2;
    means.forEach((number, channel) => (this.#means[channel]! += number));
  }

  effect(): Effect {
    return {
      shift: Float32Array.from(this.#means, sum => sum / Math.max(1, this.#count)),
      noise: Math.sqrt(this.#noise / (this.#signal || 1)),
    };
  }
}

/** Returns a function that quantizes f32 data as the quantized graph does: possibly before ops that only move elements. */
function quantizedReader(b: Builder, points: readonly RangedPoint[]): (value: Value) => Value {
  const pointOf = new Map(points.map(point => [point.value, point]));
  const made = new Map<Value, Value>();
  const read = (value: Value): Value => {
    const known = made.get(value);
    if (known !== undefined) return known;
    const { node, index } = value;
    const point = pointOf.get(value);
    const moved = (): Value =>
      b.rebuild(
        node,
        node.inputs.map(input => (isData(input) ? read(input) : input)),
      )[index]!;
    const result = point === undefined ? moved() : fakeQuantize(b, value, point);
    made.set(value, result);
    return result;
  };
  return read;
}

const isData = ({ type, node }: Value): boolean => type === 'f32' && node.constant === undefined;
