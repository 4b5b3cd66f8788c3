import { Builder } from '../../src/ov/builder.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { ops } from '../../src/ov/ops/index.ts';
import { freshDim } from '../../src/tensor/dim.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { bodyOf } from './op-case.ts';
import { bool, count, counting, f32, f64, i32, i64, vector } from './tensors.ts';

/** A graph that OpenVINO's CPU plugin does not compute as it should, and the right result. */
export interface Quirk {
  readonly inputs: readonly Tensor[];
  /** Which inputs have sizes that are unknown to OpenVINO; none by default. */
  readonly open?: readonly number[];
  readonly build: (b: Builder, ...inputs: readonly Value[]) => Value;
  readonly right: Tensor;
  /** Relative; by default that of all comparisons. */
  readonly tolerance?: number;
  /** The error of OpenVINO, or the signal that ends the process, if there may be no result. */
  readonly failure?: RegExp;
  /** Whether the kernels of some CPUs compute it right. */
  readonly dependsOnCpu?: true;
}

const UNIQUE = { sorted: false, index_element_type: 'i64', count_element_type: 'i64' } as const;

const WINDOW = { strides: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] } as const;

const EACH = { axis: 0, start: 0, end: -1, stride: 1, part_size: 1 } as const;

const one = { type: 'f32', shape: [1] } as const;

const pair = { type: 'f32', shape: [2] } as const;

/** Goes on, and changes places. */
const swap = bodyOf([pair, pair], (b, x, y) => [b.constant(bool([], [1])), y, x]);

/** Goes on, and doubles. */
const double = bodyOf([pair], (b, x) => [b.constant(bool([], [1])), b.add(ops.Add, [x, x])]);

/** Goes on, keeps an item, and returns the one before. */
const delay = bodyOf([one, one], (b, item, former) => [b.constant(bool([], [1])), item, former]);

const rows = counting([1, 50, 4]);

const picked = [7, 0, 49, 3, 3, 12, 31, 8, 9, 48];

/** By the names in docs/openvino-quirks.md. */
export const QUIRKS: Readonly<Record<string, Quirk>> = {
  'Convolution and its transpose by the same square filters': {
    inputs: [f32([1, 2, 1, 1], [1, 1])],
    build: (b, x) => {
      const filters = b.constant(f32([2, 2, 1, 1], [1, 2, 3, 4]));
      const attrs = { ...WINDOW, dilations: [1, 1] } as const;
      const maps = [
        b.add(ops.Convolution, [x, filters], attrs),
        b.add(ops.ConvolutionBackpropData, [x, filters], attrs),
      ];
      return b.add(ops.Concat, maps, { axis: 0 });
    },
    right: f32([2, 2, 1, 1], [3, 7, 4, 6]),
    dependsOnCpu: true,
  },
  'Divide of negative integers': {
    inputs: [i32([1], [-7]), i32([1], [2])],
    build: (b, x, y) => b.add(ops.Divide, [x, y], { m_pythondiv: true }),
    right: i32([1], [-4]),
  },
  'Divide, Mod and FloorMod of large integers': {
    inputs: [i32([1], [2 ** 24 + 1]), i32([1], [2])],
    build: (b, x, y) => b.add(ops.Mod, [x, y]),
    right: i32([1], [1]),
  },
  'Divide of reals': {
    inputs: [vector(5), vector(3)],
    build: (b, x, y) => b.add(ops.Divide, [x, y], { m_pythondiv: true }),
    right: vector(Math.fround(5 / 3)),
    tolerance: 0,
  },
  'Exp of NaN': {
    inputs: [vector(NaN)],
    build: (b, x) => b.add(ops.Exp, [x]),
    right: vector(NaN),
    dependsOnCpu: true,
  },
  'FakeQuantize before a Clamp': {
    inputs: [vector(200)],
    build: (b, x) => {
      const ends = [b.scalar('f32', 0), b.scalar('f32', 255)];
      const levels = b.add(ops.FakeQuantize, [x, ...ends, ...ends], { levels: 256 });
      return b.add(ops.Clamp, [levels], { min: 10.5, max: 100.5 });
    },
    right: vector(100.5),
    dependsOnCpu: true,
  },
  'FloorMod by infinity': {
    inputs: [vector(1), vector(Infinity)],
    build: (b, x, y) => b.add(ops.FloorMod, [x, y]),
    right: vector(1),
  },
  'Gather from a batch of one': {
    inputs: [rows, i32([1, 10], picked)],
    build: (b, x, i) => b.add(ops.Gather, [x, i, b.scalar('i64', 1)], { batch_dims: 1 }),
    right: f32(
      [1, 10, 4],
      picked.flatMap(row => count([4], 4 * row)),
    ),
    failure: /SIG/,
  },
  'Greater with NaN': {
    inputs: [vector(NaN), vector(1)],
    build: (b, x, y) => b.add(ops.Convert, [b.add(ops.Greater, [x, y])], { destination_type: 'f32' }),
    right: vector(0),
    dependsOnCpu: true,
  },
  'int8 sums of two products': {
    inputs: [f32([1, 4, 1, 1], [255, 255, 255, 255])],
    build: (b, x) => {
      const range = (least: number, most: number): readonly Value[] =>
        [least, most, least, most].map(end => b.scalar('f32', end));
      const levels = b.add(ops.FakeQuantize, [x, ...range(0, 255)], { levels: 256 });
      const weights = b.constant(f32([8, 4, 1, 1], new Array<number>(32).fill(127)));
      const filters = b.add(ops.FakeQuantize, [weights, ...range(-127, 127)], { levels: 255 });
      return b.add(ops.Convolution, [levels, filters], { ...WINDOW, dilations: [1, 1] });
    },
    right: f32([1, 8, 1, 1], new Array<number>(8).fill(4 * 255 * 127)),
    dependsOnCpu: true,
  },
  'infinity of f64': {
    inputs: [f64([1], [Infinity])],
    build: (b, x) => b.add(ops.Convert, [b.add(ops.IsInf, [x])], { destination_type: 'f32' }),
    right: vector(1),
  },
  'i64 beyond 32 bits': {
    inputs: [i64([1], [2 ** 40]), i64([1], [1])],
    build: (b, x, y) => b.add(ops.Add, [x, y]),
    right: i64([1], [2 ** 40 + 1]),
  },
  'LRN with a fractional bias': {
    inputs: [f32([1, 1, 1, 1], [1])],
    build: (b, x) => b.add(ops.LRN, [x, b.i64(1)], { alpha: 1, beta: 1, bias: 0.5, size: 1 }),
    right: f32([1, 1, 1, 1], [1 / 1.5]),
  },
  'MatMul by a square constant and by its transpose': {
    inputs: [f32([1, 2], [1, 1])],
    build: (b, x) => {
      const matrix = b.constant(f32([2, 2], [1, 2, 3, 4]));
      const products = [false, true].map(transpose_b => b.add(ops.MatMul, [x, matrix], { transpose_b }));
      return b.add(ops.Concat, products, { axis: 0 });
    },
    right: f32([2, 2], [4, 6, 3, 7]),
    dependsOnCpu: true,
  },
  'MatMul of large integers': {
    inputs: [i32([1, 2], [4097, 1]), i32([2, 1], [4097, 0])],
    build: (b, x, y) => b.add(ops.MatMul, [x, y], { transpose_a: false, transpose_b: false }),
    right: i32([1, 1], [4097 ** 2]),
  },
  'Maximum with NaN': {
    inputs: [vector(NaN), vector(1)],
    build: (b, x, y) => b.add(ops.Maximum, [x, y]),
    right: vector(NaN),
  },
  'Minimum with NaN': {
    inputs: [vector(NaN), vector(1)],
    build: (b, x, y) => b.add(ops.Minimum, [x, y]),
    right: vector(NaN),
  },
  'Pad before a convolution that pads open sizes': {
    inputs: [f32([1, 1, 1, 1], [1])],
    open: [0],
    build: (b, x) => {
      const rows = b.i64(0, 0, 1, 0);
      const padded = b.add(ops.Pad, [x, rows, rows, b.scalar('f32', 0)]);
      const filters = b.constant(f32([1, 1, 3, 1], [1, 2, 3]));
      return b.add(ops.Convolution, [padded, filters], { ...WINDOW, dilations: [1, 1], auto_pad: 'same_upper' });
    },
    right: f32([1, 1, 3, 1], [3, 2, 1]),
  },
  'ReduceMax of no numbers': {
    inputs: [f32([0, 1], [])],
    build: (b, x) => b.add(ops.ReduceMax, [x, b.i64(0)]),
    right: vector(-Infinity),
  },
  'ReduceMin of no numbers': {
    inputs: [f32([0, 1], [])],
    build: (b, x) => b.add(ops.ReduceMin, [x, b.i64(0)]),
    right: vector(Infinity),
  },
  'ScatterUpdate of constants': {
    inputs: [f32([2, 2, 1], [0, 0, 0, 0])],
    build: (b, x) => {
      // OpenVINO folds the TopK, unlike decant, so that all inputs are constants.
      const items = b.constant(f32([2, 2, 1], [4, 3, 2, 1]));
      const attrs = { axis: 0, mode: 'max', sort: 'value', index_element_type: 'i64' } as const;
      const updates = b.addAll(ops.TopK, [items, b.scalar('i64', 2)], attrs)[0]!;
      const zeros = b.constant(f32([2, 2, 1], [0, 0, 0, 0]));
      return b.add(ops.Add, [x, b.add(ops.ScatterUpdate, [zeros, b.i64(1, 0), updates, b.scalar('i64', 0)])]);
    },
    right: f32([2, 2, 1], [2, 1, 4, 3]),
  },
  'Select of large integers': {
    inputs: [vector(1), i32([1], [2 ** 24 + 1]), i32([1], [0])],
    open: [0, 1, 2],
    build: (b, x, y, z) => b.add(ops.Select, [b.add(ops.Less, [x, b.scalar('f32', 2)]), y, z]),
    right: i32([1], [2 ** 24 + 1]),
  },
  'StridedSlice backward from before the axis': {
    inputs: [vector(1, 2), i64([1], [-9])],
    build: (b, x, begin) => {
      const masks = { begin_mask: [false], end_mask: [true] };
      return b.add(ops.StridedSlice, [x, begin, b.i64(0), b.i64(-1)], masks);
    },
    right: f32([0], []),
  },
  'Unique without its indices': {
    inputs: [i32([4], [3, 1, 3, 2])],
    build: (b, x) => b.add(ops.Unique, [x], UNIQUE),
    right: i32([3], [3, 1, 2]),
  },
  'DFT, IDFT, RDFT and IRDFT of f64': {
    inputs: [f64([2], [1, 2])],
    build: (b, x) => b.add(ops.RDFT, [x, b.i64(0)]),
    right: f64([2, 2], [3, 0, -1, 0]),
    failure: /element type must be/,
  },
  'RDFT, IRDFT of known sizes to unknown ones': {
    inputs: [vector(1, 2), i64([1], [2])],
    build: (b, x, lengths) => b.add(ops.RDFT, [x, b.i64(0), lengths]),
    right: f32([2, 2], [3, 0, -1, 0]),
    failure: /non static shape/,
  },
  'RDFT, IRDFT to a length of 0': {
    inputs: [vector(1, 2), i64([1], [0])],
    open: [0],
    build: (b, x, lengths) => b.add(ops.RDFT, [x, b.i64(0), lengths]),
    right: f32([1, 2], [0, 0]),
    failure: /SIG/,
  },
  'Loop of constants': {
    inputs: [vector(1, 2)],
    build: (b, x) => {
      const attrs = {
        inputs: [{ kind: 'merged', input: 2, from: 1 }],
        outputs: [{ kind: 'last', from: 1 }],
        condition: 0,
      } as const;
      const inputs = [b.scalar('i64', 0), b.scalar('boolean', 1), b.constant(vector(3, 4))];
      return b.add(ops.Add, [x, b.addWithBodies(ops.Loop, inputs, attrs, [double])[0]!]);
    },
    right: vector(4, 6),
    failure: /Zero count of iteration/,
  },
  'Loop with sliced inputs': {
    inputs: [vector(1, 2, 3), vector(0)],
    build: (b, items, start) => {
      const attrs = {
        inputs: [
          { kind: 'sliced', input: 2, slicing: EACH },
          { kind: 'merged', input: 3, from: 1 },
        ],
        outputs: [{ kind: 'concatenated', from: 2, slicing: EACH }],
        condition: 0,
      } as const;
      return b.addWithBodies(ops.Loop, [b.scalar('i64', 3), b.scalar('boolean', 1), items, start], attrs, [delay])[0]!;
    },
    right: vector(0, 1, 2),
  },
  'Loop whose variables swap': {
    inputs: [vector(1, 2), vector(3, 4)],
    build: (b, x, y) => {
      const attrs = {
        inputs: [
          { kind: 'merged', input: 2, from: 1 },
          { kind: 'merged', input: 3, from: 2 },
        ],
        outputs: [
          { kind: 'last', from: 1 },
          { kind: 'last', from: 2 },
        ],
        condition: 0,
      } as const;
      const ends = b.addWithBodies(ops.Loop, [b.scalar('i64', 3), b.scalar('boolean', 1), x, y], attrs, [swap]);
      return b.add(ops.Concat, ends, { axis: 0 });
    },
    right: vector(3, 4, 1, 2),
  },
  'binary op with a broadcast scalar': {
    inputs: [f32([1, 2], [1, 2]), i64([2], [0, 2])],
    open: [0],
    build: (b, x, shape) => b.add(ops.Add, [x, b.add(ops.Broadcast, [b.scalar('f32', 1), shape])]),
    right: f32([0, 2], []),
  },
  'reduction without axes': {
    inputs: [vector(1, 2), i64([0], [])],
    build: (b, x, axes) => b.add(ops.ReduceSum, [x, axes]),
    right: vector(1, 2),
    failure: /doesn't support ReduceSum/,
  },
  'ReduceMean over an empty axis': {
    inputs: [f32([0, 1], [])],
    build: (b, x) => b.add(ops.ReduceMean, [x, b.i64(0)]),
    right: vector(NaN),
  },
  'FakeQuantize half-way between levels': {
    inputs: [vector(0.5)],
    build: (b, x) => {
      const ends = [b.scalar('f32', 0), b.scalar('f32', 4)];
      return b.add(ops.FakeQuantize, [x, ...ends, ...ends], { levels: 5 });
    },
    right: vector(1),
  },
  'Gather from a static `[0,3]`': {
    inputs: [f32([1, 2, 4], count([8])), f32([1, 1, 2], [1, 2])],
    build: (b, boxes, scores) => {
      const inputs = [boxes, scores, b.scalar('i64', 0), b.scalar('f32', 0.5), b.scalar('f32', 0)];
      const selected = b.add(ops.NonMaxSuppression, inputs, {
        box_encoding: 'corner',
        sort_result_descending: false,
        output_type: 'i32',
      });
      return b.add(ops.Gather, [selected, b.i64(2), b.scalar('i64', 1)]);
    },
    right: i32([0, 1], []),
    failure: /SIGFPE/,
  },
  'MatMul that sums no terms': {
    inputs: [f32([2, 0], []), f32([2, 0], [])],
    build: (b, x, y) => b.add(ops.MatMul, [x, y], { transpose_a: false, transpose_b: true }),
    right: f32([2, 2], [0, 0, 0, 0]),
    failure: /not initialized/,
  },
  'Unique of no elements': {
    inputs: [i32([0], [])],
    open: [0],
    build: (b, x) => b.addAll(ops.Unique, [x], UNIQUE)[2]!,
    right: i64([0], []),
    failure: /non static shape/,
  },
  'pooling of no images, blocks of no pixels': {
    inputs: [f32([0, 1, 2, 2], [])],
    open: [0],
    build: (b, x) => b.add(ops.MaxPool, [x], { ...WINDOW, kernel: [2, 2] }),
    right: f32([0, 1, 1, 1], []),
    failure: /batch_size/,
  },
  'convolution of images without rows, with a stride': {
    inputs: [f32([1, 1, 0, 4], []), f32([1, 1, 3, 3], count([9]))],
    open: [0],
    build: (b, x, filters) => b.add(ops.Convolution, [x, filters], { ...WINDOW, strides: [2, 2], dilations: [1, 1] }),
    right: f32([1, 1, 0, 1], []),
    failure: /overflow while/,
  },
  'Reshape to 0 and -1': {
    inputs: [f32([0, 3], []), i64([2], [0, -1])],
    open: [0],
    build: (b, x, shape) => b.add(ops.Reshape, [x, shape], { special_zero: false }),
    right: f32([0, 3], []),
  },
};

export function graphOf({ inputs, open = [], build }: Quirk): Graph {
  const b = new Builder();
  const parameters = new Map(
    inputs.map(({ type, shape }, i) => [
      `x${i}`,
      b.parameter(`x${i}`, type, open.includes(i) ? shape.map(freshDim) : shape),
    ]),
  );
  return { name: 'quirk', inputs: parameters, outputs: new Map([['y', build(b, ...parameters.values())]]) };
}
