import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import { type Graph, is, type Node, type Op, topological, type Value } from '../../src/ov/graph.ts';
import { Clamp, Sigmoid, SoftMax } from '../../src/ov/ops/activation.ts';
import { Add, Divide, Multiply, Subtract } from '../../src/ov/ops/arithmetic.ts';
import { Loop } from '../../src/ov/ops/control-flow.ts';
import { Convolution } from '../../src/ov/ops/convolution.ts';
import { Gather } from '../../src/ov/ops/gather.ts';
import { MatMul } from '../../src/ov/ops/matrix.ts';
import { Pad, Split, Transpose } from '../../src/ov/ops/movement.ts';
import { MaxPool } from '../../src/ov/ops/pooling.ts';
import { ReduceMax } from '../../src/ov/ops/reduction.ts';
import { NonMaxSuppression } from '../../src/ov/ops/sort.ts';
import { EmbeddingBagPackedSum } from '../../src/ov/ops/sparse.ts';
import { skipEqualRows } from '../../src/ov/passes/skip-equal-rows.ts';
import { columnOf, concat, convert, reshape, sizeAlong, unsqueeze } from '../../src/ov/shorthand.ts';
import { type Tensor, tensor, tensorOf } from '../../src/tensor/tensor.ts';
import { expectTensor } from './compare.ts';
import { numbers } from './random.ts';
import { compileForOpenVino } from './run-on-openvino.ts';

/** Boxes of which NMS selects up to `ROWS`, those with the highest scores, which are far from each other. */
const BOXES = 64;
const ROWS = 24;
const BLOCK = 3;
const CHANNELS = 4;
const SIZE = 5;

interface Head {
  readonly b: Builder;
  /** Boxes of the detections, then zeros: f32 [24, 4] */
  readonly rows: Value;
  /** A map of each: f32 [24, 4, 5, 5] */
  readonly maps: Value;
}

type Output = (head: Head) => Value;

function weights(b: Builder, ...shape: readonly number[]): Value {
  const random = numbers(7);
  const count = shape.reduce((product, size) => product * size, 1);
  return b.constant(
    tensor(
      'f32',
      shape,
      Float32Array.from({ length: count }, () => random.next().value - 0.5),
    ),
  );
}

const convolve = ({ b }: Head, x: Value, count = CHANNELS): Value =>
  b.add(Convolution, [x, weights(b, count, Number(x.shape[1]), 3, 3)], {
    strides: [1, 1],
    dilations: [1, 1],
    pads_begin: [1, 1],
    pads_end: [1, 1],
  });

/** A detector with a head that computes something from the boxes of its detections. */
function detector(output: Output, threshold = 0.5): Graph {
  const b = new Builder('detector');
  const boxes = b.parameter('boxes', 'f32', [1, BOXES, 4]);
  const scores = b.parameter('scores', 'f32', [1, 1, BOXES]);
  const limits = [b.scalar('i64', ROWS), b.scalar('f32', 0.5), b.scalar('f32', threshold)];
  const attrs = { sort_result_descending: false, output_type: 'i64' } as const;
  const [selected] = b.addAll(NonMaxSuppression, [boxes, scores, ...limits], attrs);
  const found = b.add(Gather, [reshape(b, boxes, BOXES, 4), columnOf(b, selected!, 2), b.scalar('i64', 0)]);
  const missing = b.add(Subtract, [b.i64(ROWS), unsqueeze(b, sizeAlong(b, found, 0), 0)]);
  const padded = b.add(Pad, [found, b.i64(0, 0), concat(b, 0, [missing, b.i64(0)]), b.scalar('f32', 0)]);
  const rows = reshape(b, padded, ROWS, 4);
  const maps = b.add(Multiply, [reshape(b, rows, ROWS, 4, 1, 1), weights(b, SIZE, SIZE)]);
  return {
    name: 'detector',
    inputs: new Map([
      ['boxes', boxes],
      ['scores', scores],
    ]),
    outputs: new Map([
      ['y', output({ b, rows, maps })],
      ['rows', rows],
    ]),
  };
}

/** Inputs with `count` detections. */
function inputsFor(count: number): ReadonlyMap<string, Tensor> {
  const corners = Array.from({ length: BOXES }, (_, i) => [i, 0.25 * i, i + 0.5, 0.25 * i + 1]);
  const scores = Array.from({ length: BOXES }, (_, i) => (i % 2 === 0 && i / 2 < count ? 0.99 - i / 256 : 0.1));
  return new Map([
    ['boxes', tensorOf('f32', [1, BOXES, 4], corners.flat())],
    ['scores', tensorOf('f32', [1, 1, BOXES], scores)],
  ]);
}

const HEADS: Readonly<Record<string, Output>> = {
  convolutions: head => convolve(head, convolve(head, head.maps)),
  'a map in one row': head => reshape(head.b, convolve(head, head.maps), 1, ROWS, -1),
  'several positions for each row': head => {
    const { b, maps } = head;
    const vectors = reshape(b, b.add(Transpose, [convolve(head, maps), b.i64(0, 2, 3, 1)]), -1, CHANNELS);
    return b.add(MatMul, [vectors, weights(b, CHANNELS, 6)]);
  },
  'rows in the middle': head => {
    const { b, maps } = head;
    return b.add(Transpose, [reshape(b, convolve(head, maps), ROWS, 2, -1), b.i64(1, 0, 2)]);
  },
  'products of two matrices of each row': head => {
    const { b, maps } = head;
    const x = reshape(b, convolve(head, maps), ROWS, CHANNELS, -1);
    return b.add(MatMul, [x, reshape(b, maps, ROWS, CHANNELS, -1)], { transpose_b: true });
  },
  'equal constants': head => {
    const { b, rows, maps } = head;
    const ones = b.constant(tensorOf('f32', [ROWS, 1], new Array<number>(ROWS).fill(1)));
    const scaled = b.add(Multiply, [maps, reshape(b, ones, ROWS, 1, 1, 1)]);
    const row = reshape(b, concat(b, 1, [ones, rows]), ROWS, 5, 1, 1);
    return b.add(Add, [b.add(ReduceMax, [row, b.i64(1)], { keep_dims: true }), convolve(head, scaled)]);
  },
  'filters of each row': head => {
    const { b, rows, maps } = head;
    const kind = convert(b, b.add(Clamp, [columnOf(b, rows, 0)], { min: 0, max: 9 }), 'i32');
    const filters = b.add(Gather, [weights(b, 10, 6, CHANNELS), kind, b.scalar('i64', 0)]);
    return b.add(MatMul, [filters, reshape(b, convolve(head, maps), ROWS, CHANNELS, -1)]);
  },
  'samples of a table': head => {
    const { b, rows } = head;
    const points = convert(b, b.add(Clamp, [rows], { min: 0, max: 15 }), 'i32');
    const samples = reshape(b, concat(b, 1, [points, points]), -1, 2);
    const sums = b.add(EmbeddingBagPackedSum, [
      weights(b, 16, 9),
      samples,
      reshape(b, concat(b, 1, [rows, rows]), -1, 2),
    ]);
    return convolve(head, reshape(b, sums, ROWS, 4, 3, 3));
  },
  'parts, pools and padding': head => {
    const { b, maps } = head;
    const [first, second] = b.addAll(Split, [convolve(head, maps), b.scalar('i64', 1)], { num_splits: 2 });
    const padded = b.add(Pad, [
      b.add(Add, [first!, second!]),
      b.i64(0, 0, 1, 1),
      b.i64(0, 0, 0, 0),
      b.scalar('f32', 3),
    ]);
    const moved = b.add(Gather, [padded, b.i64(4, 0, 1), b.scalar('i64', 3)]);
    return b.add(MaxPool, [moved], { strides: [2, 2], kernel: [2, 2], pads_begin: [0, 0], pads_end: [0, 0] });
  },
  'what all rows share': head => {
    const { b, rows, maps } = head;
    const highest = b.add(ReduceMax, [rows, b.i64(0, 1)], { keep_dims: true });
    return b.add(Multiply, [convolve(head, maps), reshape(b, highest, 1, 1, 1, 1)]);
  },
  'a maximum over rows afterwards': head => {
    const { b, maps } = head;
    const convolved = convolve(head, maps);
    return b.add(Subtract, [convolved, b.add(ReduceMax, [convolved, b.i64(0)], { keep_dims: true })]);
  },
};

/** Heads with an op that does not compute row by row, which must stay out of the loop. */
const MIXING: Readonly<Record<string, readonly [op: Op, output: Output]>> = {
  'a softmax over rows': [SoftMax, head => convolve(head, head.b.add(SoftMax, [head.maps], { axis: 0 }))],
  'rows in another order': [
    Sigmoid,
    head => {
      const { b, maps } = head;
      const order = b.i64(...Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i));
      return convolve(head, b.add(Gather, [b.add(Sigmoid, [maps]), order, b.scalar('i64', 0)]));
    },
  ],
  'rows moved by padding': [
    Pad,
    head => {
      const { b, rows, maps } = head;
      const moved = b.add(Pad, [rows, b.i64(1, 0), b.i64(-1, 0), b.scalar('f32', 0)]);
      return convolve(head, b.add(Multiply, [reshape(b, moved, ROWS, 4, 1, 1), maps]));
    },
  ],
  'a constant for each row': [
    Sigmoid,
    head => {
      const { b, maps } = head;
      return convolve(head, b.add(Add, [b.add(Sigmoid, [maps]), weights(b, ROWS, 1, 1, 1)]));
    },
  ],
  divisors: [
    Divide,
    head => {
      const { b, maps } = head;
      return convolve(head, b.add(Clamp, [b.add(Divide, [b.scalar('f32', 1), maps])], { min: -9, max: 9 }));
    },
  ],
  'rows that are not the first axis of a matrix': [
    MatMul,
    head => {
      const { b, rows, maps } = head;
      const products = b.add(MatMul, [rows, weights(b, ROWS, 25)], { transpose_a: true });
      return b.add(Add, [convolve(head, maps), reshape(b, products, 1, 4, SIZE, SIZE)]);
    },
  ],
  'a maximum over rows between convolutions': [
    ReduceMax,
    head => {
      const { b, maps } = head;
      const first = convolve(head, maps);
      return convolve(head, b.add(Subtract, [first, b.add(ReduceMax, [first, b.i64(0)], { keep_dims: true })]));
    },
  ],
};

const loopIn = (graph: Graph): Node | undefined => topological(graph).find(node => is(node, Loop));

/** Runs a detector and what the pass makes of it, and returns the number of blocks for each number of detections. */
async function blocksFor(output: Output, counts: readonly number[]): Promise<readonly number[]> {
  const graph = detector(output);
  const changed = skipEqualRows.run(graph);
  const outputs = new Map([...changed.outputs, ['blocks', loopIn(changed)!.inputs[0]!]]);
  using full = await compileForOpenVino(graph);
  using skipping = await compileForOpenVino({ ...changed, outputs });
  const blocks: number[] = [];
  for (const count of counts) {
    const inputs = inputsFor(count);
    const [expected, actual] = [await full.run(inputs), await skipping.run(inputs)];
    for (const [name, value] of expected) expectTensor(actual.get(name), value);
    blocks.push(Number(actual.get('blocks')!.data[0]));
  }
  return blocks;
}

describe('heads that compute row by row', () => {
  it.each(Object.entries(HEADS))('keep their results, of the blocks that are needed: %s', async (_name, output) => {
    const counts = [ROWS, 0, 5, ROWS - 1, 1, 2, 3, ROWS, 7];
    const needed = counts.map(count => Math.floor(Math.min(count, ROWS - 1) / BLOCK) + 1);
    expect(await blocksFor(output, counts)).toEqual(needed);
  });

  it.each(Object.entries(MIXING))('leave out ops that do not: %s', async (_name, [op, output]) => {
    const [body] = loopIn(skipEqualRows.run(detector(output)))!.bodies;
    expect(topological(body!).map(node => node.op.type)).not.toContain(op.type);
    await blocksFor(output, [ROWS, 0, 5]);
  });
});

describe('the graph stays as it is', () => {
  it.each([
    ['if NMS selects boxes with any score', detector(HEADS['convolutions']!, 0)],
    [
      'without convolutions of rows',
      detector(head => convolve(head, reshape(head.b, head.maps, 1, CHANNELS, -1, SIZE))),
    ],
  ])('%s', (_name, graph) => {
    expect(skipEqualRows.run(graph)).toBe(graph);
  });
});
