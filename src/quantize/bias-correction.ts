import { Builder } from '../ov/builder.ts';
import type { Graph, Node, Value } from '../ov/graph.ts';
import { Subtract } from '../ov/ops/arithmetic.ts';
import { ReduceMean } from '../ov/ops/reduction.ts';
import type { Core } from '../runtime/core.ts';
import { fakeQuantize, type RangedPoint } from './fake-quantize.ts';
import type { Filter } from './filter.ts';
import { measure, type MeasureOptions, type Samples } from './measure.ts';
import { dequantized, type QuantizedWeights } from './quantize-weights.ts';

/** Average change by quantization of each output channel of a filter. */
export type Shifts = ReadonlyMap<Node, Float32Array>;

/**
 * Measures by how much quantization moves the averages of each filter's output channels. Every filter also runs quantized,
 * next to itself and on the same f32 data, so one run per sample measures all filters.
 */
export async function measureShifts(
  core: Core,
  graph: Graph,
  filters: readonly Filter[],
  points: readonly RangedPoint[],
  weights: ReadonlyMap<Node, QuantizedWeights>,
  samples: Samples,
  options: MeasureOptions,
): Promise<Shifts> {
  const b = new Builder();
  const quantized = quantizedReader(b, points);
  const statistics = filters.map(({ node, outputAxis }) => {
    const inputs = [quantized(node.inputs[0]!), dequantized(b, weights.get(node)!), ...node.inputs.slice(2)];
    const difference = b.add(Subtract, [b.rebuild(node, inputs)[0]!, node.outputs[0]!]);
    const axes = difference.shape.flatMap((_, axis) => (axis === outputAxis ? [] : [axis]));
    return b.add(ReduceMean, [difference, b.i64(...axes)]);
  });
  const sums = filters.map(({ node, outputAxis }) => new Float64Array(Number(node.outputs[0]!.shape[outputAxis])));
  const counts = filters.map(() => 0);
  for await (const means of measure(core, graph, statistics, b, samples, options)) {
    means.forEach((mean, i) => {
      // The average of no elements is not a number.
      if (mean.some(number => !Number.isFinite(number))) return;
      counts[i]!++;
      mean.forEach((number, channel) => (sums[i]![channel]! += number));
    });
  }
  return new Map(
    filters.flatMap(({ node }, i) =>
      counts[i] === 0 ? [] : [[node, Float32Array.from(sums[i]!, sum => sum / counts[i]!)] as const],
    ),
  );
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
