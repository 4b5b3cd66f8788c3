import { describe, expect, it } from 'vitest';
import { infer, Net, samplesOf } from '../../test/support/net.ts';
import { core } from '../../test/support/openvino.ts';
import { type Graph, is, type Node, topological, type Value } from '../ov/graph.ts';
import { Sigmoid } from '../ov/ops/activation.ts';
import { Add, Multiply } from '../ov/ops/arithmetic.ts';
import { Convolution } from '../ov/ops/convolution.ts';
import { Interpolate } from '../ov/ops/image.ts';
import { Concat, Pad } from '../ov/ops/movement.ts';
import { MaxPool } from '../ov/ops/pooling.ts';
import { FakeQuantize } from '../ov/ops/quantization.ts';
import { ReduceMean } from '../ov/ops/reduction.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import { numbersOf } from '../tensor/tensor.ts';
import { quantizeGraph, type QuantizeGraphOptions } from './quantize-graph.ts';

const OPTIONS: QuantizeGraphOptions = {
  device: 'CPU',
  preset: 'mixed',
  estimator: 'extremes',
  correctBiases: true,
  keep: [],
};

/** A convolution after each kind of value that may be quantized. */
const NETS: Readonly<Record<string, (net: Net) => Value>> = {
  'a chain': net => net.convolution(net.relu(net.convolution(net.input, 8)), 5),
  'a residual sum': net => {
    const x = net.relu(net.convolution(net.input, 8));
    return net.convolution(net.relu(net.b.add(Add, [x, net.convolution(net.relu(net.convolution(x, 6)), 8)])), 3);
  },
  'a sum of two convolutions': net =>
    net.convolution(net.b.add(Add, [net.convolution(net.input, 8), net.convolution(net.input, 8, 1)]), 3),
  'depthwise layers': net => net.convolution(net.relu(net.depthwise(net.relu(net.convolution(net.input, 12)))), 4, 1),
  'a concatenation of different ranges': net => {
    const small = net.b.add(Multiply, [net.relu(net.convolution(net.input, 4)), net.b.scalar('f32', 0.1)]);
    return net.convolution(net.b.add(Concat, [small, net.relu(net.convolution(net.input, 8))], { axis: 1 }), 4);
  },
  'pooling and enlarging': net => {
    const pool = { strides: [2, 2], kernel: [2, 2], pads_begin: [0, 0], pads_end: [0, 0] };
    const pooled = net.b.add(MaxPool, [net.relu(net.convolution(net.input, 8))], pool);
    const mode = { mode: 'nearest', shape_calculation_mode: 'sizes' } as const;
    return net.convolution(net.b.add(Interpolate, [pooled, net.b.i64(16, 16), net.b.i64(2, 3)], mode), 4);
  },
  'zeros around numbers of both signs': net => {
    const pads = [net.b.i64(0, 0, 1, 1), net.b.i64(0, 0, 1, 1)];
    const padded = net.b.add(Pad, [net.input, ...pads], { pad_mode: 'constant' });
    return net.convolution(padded, 8);
  },
  'squeeze and excitation': net => {
    const x = net.relu(net.convolution(net.input, 8));
    const mean = net.b.add(ReduceMean, [x, net.b.i64(2, 3)], { keep_dims: true });
    const gate = net.b.add(Sigmoid, [net.convolution(net.relu(net.convolution(mean, 4, 1)), 8, 1)]);
    return net.convolution(net.b.add(Multiply, [x, gate]), 4);
  },
  'a dead ReLU': net => {
    const low = net.b.add(Add, [net.convolution(net.input, 8), net.b.scalar('f32', -1e4)]);
    return net.convolution(net.relu(low), 4);
  },
  'one channel': net => net.convolution(net.relu(net.convolution(net.input, 1)), 1),
  'weights of two layers': net => {
    const filters = net.weights(4, 4, 1, 1);
    const window = { strides: [1, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };
    return net.b.add(Convolution, [net.relu(net.b.add(Convolution, [net.input, filters], window)), filters], window);
  },
};

const nodesOf = (graph: Graph, type: string): readonly Node[] =>
  topological(graph).filter(({ op }) => op.type === type);

describe('quantizeGraph', () => {
  it.each(Object.entries(NETS))('computes %s in int8, close to f32', async (name, make) => {
    const net = new Net(name.length);
    const graph = net.graph(make(net));
    const samples = Array.from({ length: 4 }, () => net.sample());
    const result = await quantizeGraph(core, graph, samplesOf(samples), { ...OPTIONS, countKernels: true });
    expect(result.kept.map(({ type }) => type)).toEqual(
      name === 'squeeze and excitation' ? ['Convolution', 'Convolution'] : [],
    );
    expect(result.kernels).toEqual({
      int8: result.quantized.length,
      all: result.quantized.length + result.kept.length,
    });
    const expected = infer(graph, samples[0]!);
    const got = infer(result.graph, samples[0]!);
    const noise = Math.sqrt(got.reduce((sum, number, i) => sum + (number - expected[i]!) ** 2, 0));
    const signal = Math.sqrt(expected.reduce((sum, number) => sum + number ** 2, 0));
    expect(noise / signal).toBeLessThan(0.03);
  });

  it('stores weights as i8, and the same for the same samples', async () => {
    const net = new Net(3);
    const graph = net.graph(NETS['a residual sum']!(net));
    const samples = samplesOf([net.sample(), net.sample()]);
    const irs = await Promise.all(
      [0, 1].map(async () => writeIr((await quantizeGraph(core, graph, samples, OPTIONS)).graph)),
    );
    expect(irs[0]!.bytesByType['i8']).toBe(irs[1]!.bytesByType['i8']);
    expect(irs[0]!.bytesByType['i8']).toBe(8 * 4 * 9 + 6 * 8 * 9 + 8 * 6 * 9 + 3 * 8 * 9);
    expect(irs[0]!.xml).toBe(irs[1]!.xml);
    expect(joinBin(irs[0]!.bin)).toEqual(joinBin(irs[1]!.bin));
  });

  it.each(['percentile', 'mse'] as const)('counts activations within their extremes (%s)', async estimator => {
    const net = new Net(10);
    const graph = net.graph(net.convolution(net.relu(net.convolution(net.input, 8)), 4));
    const samples = Array.from({ length: 3 }, () => net.sample());
    const steps: (readonly [string, number, number])[] = [];
    const onStep = (...step: readonly [string, number, number]): void => void steps.push(step);
    const options = { ...OPTIONS, preset: 'mixed', onStep } as const;
    const highOf = ({ graph: quantized }: { readonly graph: Graph }): number =>
      numbersOf(nodesOf(quantized, 'FakeQuantize')[1]!.inputs[2]!.node.constant!)[0]!;
    const clipped = highOf(await quantizeGraph(core, graph, samplesOf(samples), { ...options, estimator }));
    expect(steps.filter(([step]) => step === 'histograms')).toEqual([1, 2, 3].map(i => ['histograms', i, 1]));
    const whole = highOf(await quantizeGraph(core, graph, samplesOf(samples), OPTIONS));
    expect(clipped).toBeLessThanOrEqual(whole * 1.001);
    expect(clipped).toBeGreaterThan(whole / 2);
  });

  it('leaves what follows the last layers as it is', async () => {
    const net = new Net(4);
    const scores = net.b.add(Sigmoid, [net.convolution(net.relu(net.convolution(net.input, 8)), 4)]);
    const graph = net.graph(net.b.add(Add, [scores, scores]));
    const { graph: quantized } = await quantizeGraph(core, graph, samplesOf([net.sample()]), OPTIONS);
    const readers = topological(quantized).filter(({ inputs }) => inputs.some(({ node }) => is(node, FakeQuantize)));
    expect(readers.map(({ op }) => op.type)).toEqual(['Convolution', 'Convolution']);
  });

  it('gives the values that a concatenation joins one range', async () => {
    const net = new Net(5);
    const graph = net.graph(NETS['a concatenation of different ranges']!(net));
    const { graph: quantized } = await quantizeGraph(core, graph, samplesOf([net.sample()]), OPTIONS);
    const [concat] = nodesOf(quantized, 'Concat');
    const [first, second] = concat!.inputs.map(({ node }) => node);
    expect(is(first!, FakeQuantize) && is(second!, FakeQuantize)).toBe(true);
    expect(first!.inputs[2]!.node.constant?.data).toEqual(second!.inputs[2]!.node.constant?.data);
  });

  it('keeps layers by name, and refuses names that no layer has', async () => {
    const net = new Net(6);
    const graph = net.graph(net.convolution(net.relu(net.convolution(net.input, 8, 3, 'stem/a')), 4, 3, 'head/b'));
    const samples = samplesOf([net.sample()]);
    const { quantized, kept } = await quantizeGraph(core, graph, samples, { ...OPTIONS, keep: ['head/*'] });
    expect(quantized.map(({ name }) => name)).toEqual(['stem/a']);
    expect(kept).toEqual([{ name: 'head/b', type: 'Convolution', reason: "its name contains 'head/*'" }]);
    await expect(quantizeGraph(core, graph, samples, { ...OPTIONS, keep: ['neck'] })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(quantizeGraph(core, graph, samples, { ...OPTIONS, keep: ['*'] })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  it('restores the layers that change most until the drop is within the limit', async () => {
    const net = new Net(8);
    const graph = net.graph(NETS['a residual sum']!(net));
    const sample = net.sample();
    const expected = infer(graph, sample);
    const errorOf = (other: Graph): number =>
      infer(other, sample).reduce((most, number, i) => Math.max(most, Math.abs(number - expected[i]!)), 0);
    const samples = samplesOf([sample]);
    const all = await quantizeGraph(core, graph, samples, { ...OPTIONS, measureNoise: true });
    const largest = errorOf(all.graph) * 0.5;
    const dropOf = (other: Graph): Promise<number> => Promise.resolve(errorOf(other));
    const limited = await quantizeGraph(core, graph, samples, { ...OPTIONS, limit: { largest, dropOf } });
    expect(limited.drop).toBeLessThanOrEqual(largest);
    expect(errorOf(limited.graph)).toBe(limited.drop);
    expect(limited.kept.length).toBeGreaterThan(0);
    expect(limited.kept.length + limited.quantized.length).toBe(4);
    const restored = new Set(limited.kept.map(({ name }) => name));
    const noisiest = all.quantized.toSorted((a, b) => b.noise! - a.noise!)[0]!;
    expect(restored).toContain(noisiest.name);
    const impossible = { largest: -1, dropOf };
    const f32 = await quantizeGraph(core, graph, samples, { ...OPTIONS, limit: impossible });
    expect(f32).toMatchObject({ graph, quantized: [], drop: 0 });
    expect(f32.kept.every(({ reason }) => reason.startsWith('accuracy: '))).toBe(true);
  });

  it('refuses a model that is quantized already', async () => {
    const net = new Net(9);
    const samples = samplesOf([net.sample()]);
    const { graph } = await quantizeGraph(core, net.graph(net.convolution(net.input, 8)), samples, OPTIONS);
    await expect(quantizeGraph(core, graph, samples, OPTIONS)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('can be cancelled', async () => {
    const net = new Net(7);
    const graph = net.graph(net.convolution(net.input, 8));
    const abort = new AbortController();
    const samples = samplesOf([net.sample(), net.sample(), net.sample()]);
    const running = quantizeGraph(core, graph, samples, {
      ...OPTIONS,
      signal: abort.signal,
      onStep: () => {
        abort.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
