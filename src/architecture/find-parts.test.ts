import { describe, expect, it } from 'vitest';
import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { Convolution } from '../ov/ops/convolution.ts';
import { Add, Multiply } from '../ov/ops/arithmetic.ts';
import { MaxPool } from '../ov/ops/pooling.ts';
import { Interpolate } from '../ov/ops/image.ts';
import { NonMaxSuppression } from '../ov/ops/sort.ts';
import { Gather } from '../ov/ops/gather.ts';
import { MatMul } from '../ov/ops/matrix.ts';
import { ReduceMean } from '../ov/ops/reduction.ts';
import { Reshape } from '../ov/ops/shape.ts';
import { Transpose } from '../ov/ops/movement.ts';
import { Relu, Sigmoid } from '../ov/ops/activation.ts';
import { winograd } from '../ov/passes/winograd.ts';
import { type Dim, symbol } from '../tensor/dim.ts';
import { tensorOf } from '../tensor/tensor.ts';
import { findParts } from './find-parts.ts';

const b = new Builder();
b.origin = 'n';

const weights = (...shape: readonly number[]): Value =>
  b.constant(tensorOf('f32', shape, new Float32Array(shape.reduce((product, size) => product * size, 1))));

function convolution(x: Value, channels: number, stride = 1): Value {
  const pads = { dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };
  return b.add(Convolution, [x, weights(channels, Number(x.shape[1]), 1, 1)], { strides: [stride, stride], ...pads });
}

const enlarged = (x: Value, size: number): Value =>
  b.add(Interpolate, [x, b.i64(size, size), b.i64(2, 3)], { mode: 'nearest', shape_calculation_mode: 'sizes' });

const planes = (x: Value): Value => b.add(Transpose, [x, b.i64(0, 3, 1, 2)]);

const graphOf = (input: Value, outputs: Readonly<Record<string, Value>>): Graph => ({
  name: 'g',
  inputs: new Map([['image', input]]),
  outputs: new Map(Object.entries(outputs)),
});

/** `Backbone: 8 × 8 (4 channels, 1 filter)` */
const summarize = (graph: Graph): readonly string[] =>
  findParts(graph).map(
    ({ title, kind, blocks }) =>
      `${title}: ${blocks.map(block => (kind === 'work' ? `${block.ops} ops` : `${block.title} (${block.lines.join(', ')})`)).join('; ')}`,
  );

const image = (size: Dim = 16): Value => b.parameter('image', 'f32', [1, size, size, 3]);

const suppressed = (boxes: Value, scores: Value): Value =>
  b.addAll(NonMaxSuppression, [
    b.add(Reshape, [boxes, b.i64(1, -1, 4)]),
    b.add(Reshape, [scores, b.i64(1, 1, -1)]),
    b.scalar('i64', 5),
    b.scalar('f32', 0.5),
    b.scalar('f32', 0.1),
  ])[0]!;

describe('findParts', () => {
  it('finds the backbone, feature pyramid, heads and post-processing of a detector', () => {
    const input = image();
    const c8 = b.add(Relu, [convolution(planes(input), 4, 2)]);
    const c4 = convolution(b.add(Relu, [convolution(c8, 6, 2)]), 6);
    const p8 = b.add(Add, [convolution(c8, 6), enlarged(c4, 8)]);
    const boxes = convolution(p8, 4);
    const scores = b.add(Sigmoid, [convolution(b.add(Relu, [convolution(p8, 5)]), 1)]);
    const far = [convolution(c4, 4), convolution(c4, 1)] as const;
    const graph = graphOf(input, { found: suppressed(boxes, scores), more: suppressed(...far) });
    expect(summarize(graph)).toEqual([
      'Input: f32 [1, 16, 16, 3] (image)',
      'Preprocessing: 1 ops',
      'Backbone: 8 × 8 (6 channels, 2 filters); 4 × 4 (6 channels, 2 filters)',
      'Feature pyramid: 8 × 8 ()',
      'Heads: 8 × 8 (4, 1 channels, 3 filters); 4 × 4 (4, 1 channels, 2 filters)',
      'Post-processing: 6 ops',
      'Outputs: i64 [?, 3] (found); i64 [?, 3] (more)',
    ]);
    const [, , backbone] = findParts(graph);
    expect(backbone?.blocks.map(({ side, ops, weightBytes }) => ({ side, ops, weightBytes }))).toEqual([
      { side: 8, ops: 3, weightBytes: 4 * (3 * 4 + 4 * 6) },
      { side: 4, ops: 3, weightBytes: 4 * (4 * 6 + 6 * 6) },
    ]);
  });

  it('counts squeeze-and-excitation as work on its maps', () => {
    const input = image();
    const map = convolution(planes(input), 4, 2);
    const mean = b.add(ReduceMean, [map, b.i64(2, 3)], { keep_dims: true });
    const scaled = b.add(Multiply, [map, b.add(Sigmoid, [convolution(b.add(Relu, [convolution(mean, 2)]), 4)])]);
    const pooled = b.add(MaxPool, [scaled], {
      ...{ strides: [8, 8], pads_begin: [0, 0], pads_end: [0, 0], kernel: [8, 8] },
    });
    const stages = summarize(graphOf(input, { a: convolution(pooled, 2), b: convolution(pooled, 3) }));
    expect(stages.slice(2, 4)).toEqual([
      'Backbone: 8 × 8 (4 channels, 3 filters); 1 × 1 ()',
      'Heads: 1 × 1 (2, 3 channels, 2 filters)',
    ]);
  });

  it('finds the second stage of a detector', () => {
    const input = image();
    const map = convolution(planes(input), 4, 2);
    const found = suppressed(convolution(map, 4), convolution(map, 1));
    const rows = b.add(Gather, [b.add(Reshape, [map, b.i64(-1, 4)]), b.add(Reshape, [found, b.i64(-1)]), b.i64(0)]);
    const features = b.add(Relu, [b.add(MatMul, [b.add(Reshape, [rows, b.i64(-1, 4)]), weights(4, 8)])]);
    const heads = {
      boxes: b.add(MatMul, [features, weights(8, 4)]),
      classes: b.add(MatMul, [features, weights(8, 3)]),
    };
    expect(summarize(graphOf(input, heads))).toEqual([
      'Input: f32 [1, 16, 16, 3] (image)',
      'Preprocessing: 1 ops',
      'Backbone: 8 × 8 (4 channels, 1 filter)',
      'Heads: 8 × 8 (4, 1 channels, 2 filters)',
      'Proposals: 4 ops',
      'Second stage: regions: 3 ops',
      'Second stage: features: vectors (8 numbers, 1 filter)',
      'Second stage: heads: vectors (4, 3 numbers, 2 filters)',
      'Outputs: f32 [?, 4] (boxes); f32 [?, 3] (classes)',
    ]);
  });

  it('groups maps of dynamic size, and handles models without filters', () => {
    const open = image(symbol('size'));
    const map = convolution(convolution(planes(open), 4, 2), 4, 2);
    const stages = summarize(graphOf(open, { a: convolution(map, 2), b: convolution(map, 3) }));
    expect(stages.slice(2, 4)).toEqual([
      'Backbone: ? × ? (4 channels, 2 filters)',
      'Heads: ? × ? (2, 3 channels, 2 filters)',
    ]);
    const input = image();
    expect(summarize(graphOf(input, { out: b.add(Relu, [planes(input)]) }))).toEqual([
      'Input: f32 [1, 16, 16, 3] (image)',
      'Computation: 2 ops',
      'Outputs: f32 [1, 3, 16, 16] (out)',
    ]);
  });

  it('takes convolutions in tiles for what they were', () => {
    const pads = { strides: [1, 1], dilations: [1, 1], pads_begin: [1, 1], pads_end: [1, 1] };
    const input = image(66);
    const map = b.add(Convolution, [convolution(planes(input), 128), weights(128, 128, 3, 3)], pads);
    const graph = graphOf(input, { found: convolution(b.add(Relu, [map]), 4) });
    const tiled = winograd.run(graph);
    expect(tiled).not.toBe(graph);
    expect(summarize(tiled)).toEqual(summarize(graph));
  });
});
