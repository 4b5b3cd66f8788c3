import { Builder } from '../ov/builder.ts';
import type { Graph, Node, Value } from '../ov/graph.ts';
import { Subtract } from '../ov/ops/arithmetic.ts';
import { ReduceL2 } from '../ov/ops/reduction.ts';
import type { Core } from '../runtime/core.ts';
import { fakeQuantize, type RangedPoint } from './fake-quantize.ts';
import type { Filter } from './filter.ts';
import { measure, type MeasureOptions, type Samples } from './measure.ts';
import { dequantized, type QuantizedWeights } from './quantize-weights.ts';

/** Root of the mean square of the change of a filter's output, relative to that of the output, given f32 data. */
export type Noises = ReadonlyMap<Node, number>;

/**
 * Measures how much quantization changes each filter's output, of `weightsOnly` that of the weights. Every filter also runs quantized, next to itself and on the same
 * f32 data, so one run per sample measures all filters.
 */
export async function measureNoise(
  core: Core,
  graph: Graph,
  filters: readonly Filter[],
  weightsOnly: readonly Filter[],
  points: readonly RangedPoint[],
  weights: ReadonlyMap<Node, QuantizedWeights>,
  samples: Samples,
  options: MeasureOptions,
): Promise<Noises> {
  const b = new Builder();
  const quantized = quantizedReader(b, points);
  const measured = [...filters, ...weightsOnly];
  const keepsData = new Set(weightsOnly);
  const statistics = measured.flatMap(filter => {
    const { node } = filter;
    const [output] = node.outputs as readonly [Value];
    const [data] = node.inputs as readonly [Value];
    const inputs = [
      keepsData.has(filter) ? data : quantized(data),
      dequantized(b, weights.get(node)!),
      ...node.inputs.slice(2),
    ];
    const difference = b.add(Subtract, [b.rebuild(node, inputs)[0]!, output]);
    const axes = b.i64(...output.shape.keys());
    return [b.add(ReduceL2, [difference, axes]), b.add(ReduceL2, [output, axes])];
  });
  const changes = new Float64Array(measured.length);
  const sizes = new Float64Array(measured.length);
  for await (const numbers of measure(core, graph, statistics, b, samples, options)) {
    measured.forEach((_, i) => {
      changes[i]! += numbers[2 * i]![0]! ** 2;
      sizes[i]! += numbers[2 * i + 1]![0]! ** 2;
    });
  }
  return new Map(measured.map(({ node }, i) => [node, Math.sqrt(changes[i]! / (sizes[i]! || 1))]));
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
