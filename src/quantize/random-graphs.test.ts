import fc from 'fast-check';
import { expect, it } from 'vitest';
import { infer, Net, samplesOf } from '../../test/support/net.ts';
import { core } from '../../test/support/openvino.ts';
import { Builder } from '../ov/builder.ts';
import { constantOf, type Graph, is, type Node, topological, type Value } from '../ov/graph.ts';
import { Sigmoid } from '../ov/ops/activation.ts';
import { Abs, Add, Multiply } from '../ov/ops/arithmetic.ts';
import { Convolution, GroupConvolution } from '../ov/ops/convolution.ts';
import { Interpolate } from '../ov/ops/image.ts';
import { Concat } from '../ov/ops/movement.ts';
import { MaxPool } from '../ov/ops/pooling.ts';
import { FakeQuantize } from '../ov/ops/quantization.ts';
import { ReduceMax } from '../ov/ops/reduction.ts';
import { Convert } from '../ov/ops/type.ts';
import { numbersOf, tensorOf } from '../tensor/tensor.ts';
import { measure } from './measure.ts';
import { quantizeGraph } from './quantize-graph.ts';
import { LEVELS } from './range.ts';

const OPTIONS = { device: 'CPU', estimator: 'extremes', correctBiases: false, keep: [] } as const;

const FLAT = { strides: [1, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };

const channels = (x: Value): number => Number(x.shape[1]);

/** A convolution whose weights for some outputs are 0. */
function withZeroChannels(net: Net, x: Value): Value {
  const shape = [6, channels(x), 1, 1];
  const numbers = numbersOf(constantOf(net.weights(...shape))!);
  const filters = numbers.map((number, i) => (i < numbers.length / 2 ? 0 : number));
  return net.b.add(Convolution, [x, net.b.constant(tensorOf('f32', shape, filters))], FLAT);
}

function enlarged(net: Net, x: Value): Value {
  const mode = { mode: 'nearest', shape_calculation_mode: 'sizes' } as const;
  return net.b.add(Interpolate, [x, net.b.i64(16, 16), net.b.i64(2, 3)], mode);
}

/** What a random graph consists of; each keeps the size of the map. */
const PARTS = {
  convolution: (net: Net, x: Value) => net.relu(net.convolution(x, 6)),
  linear: (net: Net, x: Value) => net.convolution(x, 5, 1),
  depthwise: (net: Net, x: Value) => net.relu(net.depthwise(x)),
  residual: (net: Net, x: Value) => net.b.add(Add, [x, net.convolution(net.relu(net.convolution(x, 4)), channels(x))]),
  branches: (net: Net, x: Value) =>
    net.b.add(Concat, [net.convolution(x, 3, 1), net.relu(net.depthwise(x))], { axis: 1 }),
  pooled: (net: Net, x: Value) =>
    enlarged(net, net.b.add(MaxPool, [x], { strides: [2, 2], kernel: [2, 2], pads_begin: [0, 0], pads_end: [0, 0] })),
  gated: (net: Net, x: Value) => net.b.add(Multiply, [x, net.b.add(Sigmoid, [net.convolution(x, channels(x), 1)])]),
  dead: (net: Net, x: Value) => net.relu(net.b.add(Add, [net.convolution(x, 4), net.b.scalar('f32', -1e4)])),
  'one channel': (net: Net, x: Value) => net.relu(net.convolution(x, 1)),
  'zero channels': (net: Net, x: Value) => net.relu(withZeroChannels(net, x)),
  'shared weights': (net: Net, x: Value) => {
    const filters = net.weights(channels(x), channels(x), 1, 1);
    const twice = net.relu(net.b.add(Convolution, [x, filters], FLAT));
    return net.b.add(Convolution, [twice, filters], FLAT);
  },
} satisfies Record<string, (net: Net, x: Value) => Value>;

const parts = fc.array(fc.constantFrom(...(Object.keys(PARTS) as (keyof typeof PARTS)[])), {
  minLength: 1,
  maxLength: 5,
});

const sizeOfValue = (b: Builder, x: Value): Value => b.add(ReduceMax, [b.add(Abs, [x]), b.i64(...x.shape.keys())]);

/** Returns the largest size of each value of a quantized graph. */
async function sizesIn(graph: Graph, values: readonly Value[], samples: ReturnType<typeof samplesOf>) {
  const b = new Builder();
  const statistics = values.map(value => sizeOfValue(b, value));
  for await (const numbers of measure(core, graph, statistics, b, samples, { device: 'CPU' }))
    return new Map(values.map((value, i) => [value, numbers[i]![0]!]));
  throw new Error('no sample');
}

/** Bounds the change of a filter's output, given that of its data: weights change by up to half a step. */
function filterBound(weights: Value, change: number, size: number): number {
  const [integers, scales] = weights.node.inputs.map(({ node }) =>
    numbersOf(constantOf(node.inputs[0] ?? node.outputs[0]!)!),
  );
  const each = integers!.length / scales!.length;
  const sums = Array.from(scales!, (scale, channel) => {
    const row = Array.from(integers!.subarray(channel * each, (channel + 1) * each));
    return scale * row.reduce((sum, integer) => sum + Math.abs(integer) * change + 0.5 * (size + change), 0);
  });
  return Math.max(...sums);
}

/** Bounds how far the output of a quantized graph is from that of the f32 one. */
function boundOf(graph: Graph, sizes: ReadonlyMap<Value, number>): number {
  const changes = new Map<Value, number>();
  const of = (value: Value): number => changes.get(value) ?? 0;
  const boundFor = (node: Node): number => {
    if (node.inputs.length === 0) return 0;
    const [x, y] = node.inputs as readonly [Value, Value];
    if (is(node, FakeQuantize)) {
      const [low, high] = [node.inputs[1]!, node.inputs[2]!].map(limit => numbersOf(constantOf(limit)!));
      return of(x) + Math.max(...Array.from(low!, (least, i) => (high![i]! - least) / (LEVELS - 1) / 2));
    }
    if (is(node, Convolution) || is(node, GroupConvolution)) return filterBound(y, of(x), sizes.get(x)!);
    if (is(node, Add)) return of(x) + of(y);
    if (is(node, Multiply)) return of(x) * sizes.get(y)! + of(y) * sizes.get(x)! + of(x) * of(y);
    if (is(node, Sigmoid)) return of(x) / 4;
    return Math.max(...node.inputs.map(of));
  };
  for (const node of topological(graph)) for (const value of node.outputs) changes.set(value, boundFor(node));
  return Math.max(...[...graph.outputs.values()].map(of));
}

/** The values whose sizes the bound depends on: the data of filters, and what is multiplied. */
const operands = (graph: Graph): readonly Value[] => [
  ...new Set(
    topological(graph).flatMap(node => {
      if (is(node, Convolution) || is(node, GroupConvolution)) return [node.inputs[0]!];
      return is(node, Multiply) && node.inputs.every(({ node: from }) => !is(from, Convert) && !from.constant)
        ? node.inputs
        : [];
    }),
  ),
];

it('changes random graphs by no more than the steps of ranges and weights allow', { timeout: 240_000 }, async () => {
  const property = fc.asyncProperty(
    parts,
    fc.nat(),
    fc.constantFrom('mixed', 'performance'),
    async (names, seed, preset) => {
      const net = new Net(seed);
      const last = names.reduce((x, name) => PARTS[name](net, x), net.input);
      const graph = net.graph(net.convolution(last, 4, 1, 'last'));
      const x = net.sample();
      const samples = samplesOf([x]);
      const result = await quantizeGraph(core, graph, samples, { ...OPTIONS, preset, countKernels: true });
      expect(result.kept).toEqual([]);
      expect(result.kernels?.int8).toBe(result.quantized.length);
      const sizes = await sizesIn(result.graph, operands(result.graph), samples);
      const expected = infer(graph, x);
      const changed = infer(result.graph, x).reduce((most, y, i) => Math.max(most, Math.abs(y - expected[i]!)), 0);
      const size = expected.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
      expect(changed).toBeLessThanOrEqual(boundOf(result.graph, sizes) + 1e-4 * size);
    },
  );
  await fc.assert(property, { numRuns: 8 });
});
