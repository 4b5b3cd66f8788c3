import { Builder } from '../ov/builder.ts';
import { type Graph, type Node, topological, type Value } from '../ov/graph.ts';
import { Add } from '../ov/ops/arithmetic.ts';
import { foldScales } from '../ov/passes/fold-scales.ts';
import { withOutputs } from '../ov/rewrite.ts';
import { tensor } from '../tensor/tensor.ts';
import { fakeQuantize, type RangedPoint } from './fake-quantize.ts';
import type { Filter } from './filter.ts';
import { dequantized, type QuantizedWeights, unpacked } from './quantize-weights.ts';

export interface Quantization {
  readonly filters: readonly Filter[];
  readonly weightsOnly: readonly Filter[];
  readonly points: readonly RangedPoint[];
  /** Nodes that read quantized values. */
  readonly region: ReadonlySet<Node>;
  readonly weights: ReadonlyMap<Node, QuantizedWeights>;
  /** By how much the rounding of weights moves the averages of a filter's channels. */
  readonly shifts: ReadonlyMap<Node, Float32Array>;
}

/** Quantizes the weights of filters and the values at the points, and makes up for shifts of filters in their biases. */
export function insertFakeQuantize(
  graph: Graph,
  { filters, weightsOnly, points, region, weights, shifts }: Quantization,
): Graph {
  const b = new Builder();
  const filterOf = new Map([...filters, ...weightsOnly].map(filter => [filter.node, filter]));
  const isUnpacked = new Set(weightsOnly);
  const pointOf = new Map(points.map(point => [point.value, point]));
  const rebuilt = new Map<Value, Value>();
  const quantized = new Map<Value, Value>();
  const now = (value: Value): Value => rebuilt.get(value) ?? value;
  const read = (value: Value): Value => quantized.get(value) ?? now(value);
  const rebuild = (node: Node): readonly Value[] => {
    const inputs = node.inputs.map(region.has(node) ? read : now);
    const filter = filterOf.get(node);
    if (filter === undefined)
      return inputs.every((value, i) => value === node.inputs[i]) ? node.outputs : b.rebuild(node, inputs);
    const [data, , ...others] = inputs;
    const stored = isUnpacked.has(filter) ? unpacked : dequantized;
    const [output] = b.rebuild(node, [data!, stored(b, weights.get(node)!), ...others]);
    return [withoutShift(b, output!, filter, shifts.get(node))];
  };
  for (const node of topological(graph)) {
    b.origin = node.name;
    const outputs = rebuild(node);
    node.outputs.forEach((value, i) => {
      rebuilt.set(value, outputs[i]!);
      const point = pointOf.get(value);
      if (point !== undefined) quantized.set(value, fakeQuantize(b, outputs[i]!, point));
    });
  }
  return foldScales.run(withOutputs(graph, now));
}

function withoutShift(b: Builder, x: Value, { outputAxis }: Filter, shift: Float32Array | undefined): Value {
  if (shift === undefined) return x;
  const shape = x.shape.map((_, axis) => (axis === outputAxis ? shift.length : 1));
  return b.add(Add, [
    x,
    b.constant(
      tensor(
        'f32',
        shape,
        shift.map(number => -number),
      ),
    ),
  ]);
}
