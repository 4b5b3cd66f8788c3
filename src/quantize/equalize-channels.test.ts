import { expect, it } from 'vitest';
import { samplesOf } from '../../test/support/net.ts';
import { core } from '../../test/support/openvino.ts';
import { Builder } from '../ov/builder.ts';
import { type Graph, topological, type Value } from '../ov/graph.ts';
import { Relu } from '../ov/ops/activation.ts';
import { Add } from '../ov/ops/arithmetic.ts';
import { Convolution, GroupConvolution } from '../ov/ops/convolution.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import { random } from '../tensor/random.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../tensor/tensor.ts';
import { equalizeChannels, type Pair, pairsIn } from './equalize-channels.ts';
import { filterOf } from './filter.ts';
import { type Activations, observeActivations } from './observe-activations.ts';
import type { Point } from './where-to-quantize.ts';

const next = random(11);
const b = new Builder();

const weights = (shape: readonly number[], factor: (i: number) => number = () => 1): Value =>
  b.constant(
    tensorOf(
      'f32',
      shape,
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => factor(i) * (next() - 0.5)),
    ),
  );

const flat = { strides: [1, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };
const SIZES = [1, 10, 100, 1000, 0, 3, 30, 300];

const graphOf = (input: Value, outputs: Readonly<Record<string, Value>>): Graph => ({
  name: 'net',
  inputs: new Map([['x', input]]),
  outputs: new Map(Object.entries(outputs)),
});

function infer(graph: Graph, x: Tensor): Readonly<Record<string, Tensor>> {
  const { xml, bin } = writeIr(graph);
  using model = core.readModelSync({ xml, bin: joinBin(bin) });
  using compiled = core.compileModelSync(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
  using request = compiled.createInferRequest();
  return request.infer({ x });
}

const filtersOf = (graph: Graph) => topological(graph).flatMap(node => filterOf(node) ?? []);

const inputOfLast = (graph: Graph): Value => filtersOf(graph).at(-1)!.node.inputs[0]!;

const pointAt = (value: Value): Point => ({ value, perChannel: false, isInput: false, group: 0 });

function closeTo(numbers: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(numbers.length).toBe(expected.length);
  for (let i = 0; i < numbers.length; i++)
    expect(numbers[i]! / (expected[i]! || 1)).toBeCloseTo(expected[i]! ? 1 : 0, 4);
}

it('evens out the sizes of channels between two layers, keeps the results, and knows the ranges without another run', async () => {
  const input = b.parameter('x', 'f32', [1, 8, 9, 9]);
  const wide = { ...flat, pads_begin: [1, 1], pads_end: [1, 1] };
  const deep = b.add(GroupConvolution, [input, weights([8, 1, 1, 3, 3], i => SIZES[Math.floor(i / 9)]!)], wide);
  const between = b.add(Relu, [b.add(Add, [deep, weights([1, 8, 1, 1], i => SIZES[i]!)])]);
  const filters = weights([5, 8, 1, 1], i => 1 / (SIZES[i % 8]! || 1));
  const graph = graphOf(input, { y: b.add(Convolution, [between, filters], flat) });
  const x = tensorOf(
    'f32',
    [1, 8, 9, 9],
    Float32Array.from({ length: 648 }, () => next()),
  );
  const sample = samplesOf([x]);
  const filtersIn = filtersOf(graph);
  const pairs = pairsIn(graph, filtersIn);
  const observe = (one: Graph, among: readonly Pair[]): Promise<Activations> =>
    observeActivations(core, one, [pointAt(inputOfLast(one))], filtersOf(one), among, sample, { device: 'CPU' });
  const observed = await observe(graph, pairs);
  const equalized = equalizeChannels(graph, filtersIn, pairs, observed.factors);
  const again = await observe(equalized, []);
  closeTo(Object.values(observed.extremes[0]![0]!.extremes!), Object.values(again.extremes[0]![0]!.extremes!));
  observed.means.forEach((means, i) => {
    closeTo(means, again.means[i]!);
  });
  expect(equalized).not.toBe(graph);
  const results = [graph, equalized].map(one => {
    const { y, between: channels } = infer(
      { ...one, outputs: new Map([...one.outputs, ['between', inputOfLast(one)]]) },
      x,
    );
    const numbers = numbersOf(channels!);
    const sizes = SIZES.map((_, c) => Math.max(...numbers.subarray(81 * c, 81 * (c + 1))));
    const seen = sizes.filter(size => size > 0);
    return { y: numbersOf(y!), spread: Math.max(...seen) / Math.min(...seen) };
  });
  const [before, after] = results as [(typeof results)[0], (typeof results)[0]];
  expect(before.spread).toBeGreaterThan(100);
  expect(after.spread).toBeLessThan(10);
  before.y.forEach((number, i) => expect(after.y[i]).toBeCloseTo(number, 4));
});

it('leaves layers alone that others read, or that have other ops between them', () => {
  const input = b.parameter('x', 'f32', [1, 4, 5, 5]);
  const first = b.add(Convolution, [input, weights([6, 4, 1, 1])], flat);
  const second = b.add(Convolution, [first, weights([3, 6, 1, 1])], flat);
  const graph = graphOf(input, { first, second });
  expect(pairsIn(graph, filtersOf(graph))).toEqual([]);
  expect(equalizeChannels(graph, filtersOf(graph), [], new Map())).toBe(graph);
});
