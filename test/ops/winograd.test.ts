import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import { type Graph, topological, type Value } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { readIr } from '../../src/ov/ir/read-ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import { Relu } from '../../src/ov/ops/activation.ts';
import { Add } from '../../src/ov/ops/arithmetic.ts';
import { Convolution } from '../../src/ov/ops/convolution.ts';
import { directConvolutions } from '../../src/ov/passes/direct-convolutions.ts';
import { winograd } from '../../src/ov/passes/winograd.ts';
import { printGraph } from '../../src/ov/print-graph.ts';
import { symbol } from '../../src/tensor/dim.ts';
import { sizeOf, type Tensor, tensorOf } from '../../src/tensor/tensor.ts';
import { difference } from './compare.ts';
import { numbers } from './random.ts';
import { runOnOpenVino } from './run-on-openvino.ts';

interface Case {
  readonly batch: number;
  readonly channels: number;
  readonly count: number;
  readonly size: readonly [number, number];
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
  readonly autoPad?: 'explicit' | 'same_upper' | 'valid';
  /** Axes of images, rows and columns whose sizes are open. */
  readonly open?: readonly number[];
}

/** Results are sums of about 1,000 products and vary by about 1, as the filters are this small. */
const TOLERANCE = 5e-5;
const FILTER = 1 / 16;

const randomTensor = (largest: number, seed: number, ...shape: readonly number[]): Tensor => {
  const random = numbers(seed);
  return tensorOf(
    'f32',
    shape,
    Array.from({ length: sizeOf(shape) }, () => largest * (2 * random.next().value - 1)),
  );
};

/** Two convolutions with biases and activations; the second one reads what the first one computes. */
function graphOf({ batch, channels, count, size, before, after, autoPad = 'explicit', open = [] }: Case): Graph {
  const b = new Builder();
  const shape = [batch, channels, ...size].map((dim, axis) => (open.includes(axis) ? symbol(`size-${axis}`) : dim));
  const x = b.parameter('x', 'f32', shape);
  const layer = (input: Value, seed: number, from: number, to: number): Value => {
    const filters = b.constant(randomTensor(FILTER, seed, to, from, 3, 3));
    const attrs = { strides: [1, 1], dilations: [1, 1], pads_begin: before, pads_end: after, auto_pad: autoPad };
    const map = b.at(`layer-${seed}`, () => b.add(Convolution, [input, filters], attrs));
    return b.add(Relu, [b.add(Add, [map, b.constant(randomTensor(1, seed + 1, 1, to, 1, 1))])]);
  };
  const outputs = new Map([['y', layer(layer(x, 1, channels, count), 3, count, channels)]]);
  return { name: 'g', inputs: new Map([['x', x]]), outputs };
}

const tiled = (graph: Graph): Graph => winograd.run(graph);

const direct = (graph: Graph): Graph => directConvolutions.run(graph);

const convolutionsIn = (graph: Graph): number => topological(graph).filter(({ op }) => op === Convolution).length;

async function outputOf(graph: Graph, { batch, channels, size }: Case): Promise<Tensor> {
  const { outputs } = await runOnOpenVino(graph, new Map([['x', randomTensor(1, 9, batch, channels, ...size)]]));
  return outputs.get('y')!;
}

const written = (graph: Graph): Graph => {
  const { xml, bin } = writeIr(graph);
  return readIr(xml, joinBin(bin)).graph;
};

const base: Case = { batch: 1, channels: 128, count: 128, size: [32, 32], before: [1, 1], after: [1, 1] };

describe('winograd', () => {
  const size = fc.integer({ min: 26, max: 43 });
  const pad = fc.integer({ min: 0, max: 2 });
  const common = { size: fc.tuple(size, size), before: fc.tuple(pad, pad), after: fc.tuple(pad, pad) };
  const autoPad = fc.constantFrom('explicit', 'same_upper', 'valid');
  const known = fc.record({
    ...common,
    batch: fc.integer({ min: 1, max: 3 }),
    channels: fc.constantFrom(128, 160, 200),
    count: fc.constantFrom(128, 144, 256),
    autoPad,
    open: fc.subarray([0]),
  });
  const openSize = fc.record({
    ...common,
    batch: fc.integer({ min: 1, max: 2 }),
    channels: fc.constant(448),
    count: fc.constant(416),
    autoPad,
    open: fc.subarray([0, 2, 3], { minLength: 2 }),
  });

  it('keeps the results of any size, padding and batch, and is undone', { timeout: 120_000 }, async () => {
    const check = async (each: Case): Promise<void> => {
      const graph = graphOf(each);
      const changed = tiled(graph);
      expect(convolutionsIn(changed)).toBe(0);
      const expected = await outputOf(graph, each);
      expect(difference(await outputOf(changed, each), expected, TOLERANCE)).toBeUndefined();
      const undone = direct(written(changed));
      expect(convolutionsIn(undone)).toBe(2);
      expect(difference(await outputOf(undone, each), expected, TOLERANCE)).toBeUndefined();
    };
    await fc.assert(fc.asyncProperty(fc.oneof(known, openSize), check), { numRuns: 10, seed: 1 });
  });

  it('is undone to the ops that were there', () => {
    const before = graphOf({ ...base, size: [30, 34] });
    const ops = (graph: Graph): string => printGraph(graph).text.replaceAll(/^%\d+ = | "[^"]*"|%\d+(?:\.\d+)?/gm, '');
    expect(ops(direct(written(tiled(before))))).toBe(ops(direct(written(before))));
  });

  it.each<[string, Partial<Case>]>([
    ['few channels', { channels: 16, count: 16 }],
    ['a map of a few tiles', { size: [8, 8] }],
    ['128 channels of a map of open size', { open: [2, 3] }],
  ])('leaves %s alone', (_name, change) => {
    const graph = graphOf({ ...base, ...change });
    expect(tiled(graph)).toBe(graph);
  });

  it('leaves strided and dilated convolutions, other filters and other types alone', () => {
    const b = new Builder();
    const common = { strides: [1, 1], dilations: [1, 1], pads_begin: [1, 1], pads_end: [1, 1] };
    const x = b.parameter('x', 'f32', [1, 128, 64, 64]);
    const half = b.parameter('half', 'f16', [1, 128, 64, 64]);
    const filters = b.constant(randomTensor(FILTER, 1, 128, 128, 3, 3));
    const halves = b.constant(tensorOf('f16', [128, 128, 3, 3], new Array<number>(128 * 128 * 9).fill(1)));
    const outputs = [
      b.add(Convolution, [x, filters], { ...common, strides: [2, 2] }),
      b.add(Convolution, [x, filters], { ...common, dilations: [2, 2] }),
      b.add(Convolution, [x, b.constant(randomTensor(FILTER, 1, 128, 128, 5, 5))], common),
      b.add(Convolution, [half, halves], common),
    ];
    const inputs = new Map([x, half].map((value, i) => [`x${i}`, value]));
    const graph: Graph = { name: 'g', inputs, outputs: new Map(outputs.map((value, i) => [`y${i}`, value])) };
    expect(tiled(graph)).toBe(graph);
  });
});
