import fc from 'fast-check';
import { Builder } from '../../src/ov/builder.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { Convolution, GroupConvolution } from '../../src/ov/ops/convolution.ts';
import { Abs, Add, Divide, Maximum, Minimum, Multiply, Negative, Subtract, Tanh } from '../../src/ov/ops/arithmetic.ts';
import { Broadcast, Concat, Pad, Split, Tile, Transpose, VariadicSplit } from '../../src/ov/ops/movement.ts';
import { Gather } from '../../src/ov/ops/gather.ts';
import { MatMul } from '../../src/ov/ops/matrix.ts';
import { Clamp, Relu, Sigmoid, SoftMax } from '../../src/ov/ops/activation.ts';
import { MaxPool } from '../../src/ov/ops/pooling.ts';
import { ReduceMax, ReduceMean, ReduceSum } from '../../src/ov/ops/reduction.ts';
import { Reshape, ShapeOf, Squeeze, Unsqueeze } from '../../src/ov/ops/shape.ts';
import { Select } from '../../src/ov/ops/condition.ts';
import { StridedSlice } from '../../src/ov/ops/slice.ts';
import { Convert } from '../../src/ov/ops/type.ts';
import { printGraph } from '../../src/ov/print-graph.ts';
import { isStatic } from '../../src/tensor/dim.ts';
import { sizeOf, tensorOf } from '../../src/tensor/tensor.ts';

/** Random numbers that a step consumes, each modulo the number of options. */
type Choices = readonly number[];

class Dice {
  private readonly choices: Choices;
  private next = 0;

  constructor(choices: Choices) {
    this.choices = choices;
  }

  /** Returns an integer in [0, count). */
  below(count: number): number {
    return (this.choices[this.next++ % this.choices.length] ?? 0) % count;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Returns a permutation of 0, 1, ..., count - 1. */
  order(count: number): readonly number[] {
    const left = Array.from({ length: count }, (_, i) => i);
    return Array.from({ length: count }, () => left.splice(this.below(left.length), 1)[0]!);
  }

  /** Returns a subset of 0, 1, ..., count - 1. */
  some(count: number): readonly number[] {
    return Array.from({ length: count }, (_, i) => i).filter(() => this.below(2) === 1);
  }
}

const shapeOf = ({ shape }: Value): readonly number[] => {
  if (!isStatic(shape)) throw new Error('random graphs have known sizes');
  return shape;
};

/** A constant of small nonzero numbers. */
function weights(b: Builder, shape: readonly number[], dice: Dice): Value {
  const seed = dice.below(7);
  const numbers = Array.from({ length: sizeOf(shape) }, (_, i) => [0.5, -1, 2, 1, -0.25, 1.5, 0.75][(i + seed) % 7]!);
  return b.constant(tensorOf('f32', shape, numbers));
}

/** A constant that broadcasts to `x`: a scalar, along one axis, or of its shape. */
function constantFor(b: Builder, x: Value, dice: Dice): Value {
  const shape = shapeOf(x);
  const axis = dice.below(Math.max(1, shape.length));
  const along = shape.map((size, i) => (i === axis ? size : 1));
  return weights(b, dice.of([[], along, along.slice(axis), shape]), dice);
}

type Step = (b: Builder, x: Value, all: readonly Value[], dice: Dice) => readonly Value[];

const MAX_SIZE = 2000;
const ones = (shape: readonly number[]): readonly number[] => shape.flatMap((size, i) => (size === 1 ? [i] : []));
const isMap = (x: Value): boolean => x.shape.length === 4;
const window = { dilations: [1, 1], pads_begin: [1, 0], pads_end: [0, 1] };

/** A step returns no values if it does not apply. */
const STEPS: readonly Step[] = [
  (b, x, _all, dice) => [b.add(dice.of([Relu, Abs, Negative, Sigmoid, Tanh]), [x])],
  (b, x, _all, dice) => [
    b.add(
      Clamp,
      [x],
      dice.of([
        { min: -1, max: 1 },
        { min: 0, max: 6 },
      ]),
    ),
  ],
  (b, x, _all, dice) => {
    const operands = dice.of([(c: Value) => [x, c], (c: Value) => [c, x]])(constantFor(b, x, dice));
    return [b.add(dice.of([Add, Subtract, Multiply, Maximum, Minimum]), operands)];
  },
  (b, x, _all, dice) => [b.add(Divide, [x, constantFor(b, x, dice)])],
  (b, x, all, dice) => {
    const partners = all.filter(
      y => y.shape.length === x.shape.length && y.shape.every((d, i) => d === x.shape[i] || d === 1),
    );
    return [b.add(dice.of([Add, Multiply, Maximum, Subtract]), [x, dice.of(partners)])];
  },
  (b, x, _all, dice) => [b.add(Transpose, [x, b.i64(...dice.order(x.shape.length))])],
  (b, x, _all, dice) =>
    isMap(x)
      ? [
          b.add(Transpose, [
            x,
            b.i64(
              ...dice.of([
                [0, 3, 1, 2],
                [0, 2, 3, 1],
              ]),
            ),
          ]),
        ]
      : [],
  (b, x, _all, dice) => {
    if (!isMap(x)) return [];
    // For a 1x1 kernel with stride and pads, OpenVINO's CPU plugin does not return the inferred shape.
    const filters = weights(b, [dice.of([1, 3]), shapeOf(x)[1]!, 2, 1], dice);
    return [b.add(Convolution, [x, filters], { ...window, strides: [dice.of([1, 2]), 1] })];
  },
  (b, x, _all, dice) => {
    if (!isMap(x)) return [];
    const filters = weights(b, [shapeOf(x)[1]!, dice.of([1, 2]), 1, 1, 2], dice);
    return [b.add(GroupConvolution, [x, filters], { ...window, strides: [1, 1] })];
  },
  (b, x) => (isMap(x) ? [b.add(MaxPool, [x], { ...window, kernel: [2, 2], strides: [1, 2] })] : []),
  (b, x, _all, dice) => {
    const axes = dice.some(x.shape.length);
    // OpenVINO's CPU plugin does not compile a reduction without axes.
    if (axes.length === 0) return [];
    return [
      b.add(dice.of([ReduceMean, ReduceMax, ReduceSum]), [x, b.i64(...axes)], { keep_dims: dice.below(2) === 1 }),
    ];
  },
  (b, x, all, dice) => {
    if (x.shape.length === 0) return [];
    const axis = dice.below(x.shape.length);
    const fits = (y: Value): boolean =>
      y.shape.length === x.shape.length && y.shape.every((d, i) => i === axis || d === x.shape[i]);
    return [b.add(Concat, [x, dice.of(all.filter(fits))], { axis: axis - dice.of([0, x.shape.length]) })];
  },
  (b, x, _all, dice) => {
    const pads = x.shape.map(() => dice.below(3));
    return [b.add(Pad, [x, b.i64(...pads), b.i64(...pads.map(() => dice.below(2))), b.scalar('f32', 0.5)])];
  },
  (b, x, _all, dice) => {
    const shape = shapeOf(x);
    const merged = [shape.slice(0, 1), shape.slice(1)].map(sizeOf);
    return [b.add(Reshape, [x, b.i64(...dice.of([[-1], merged, [...shape].reverse(), [...shape, 1]]))])];
  },
  (b, x, _all, dice) => [b.add(Unsqueeze, [x, b.i64(dice.below(x.shape.length + 1))])],
  (b, x, _all, dice) => {
    const axes = ones(shapeOf(x)).filter(() => dice.below(2) === 1);
    return axes.length === 0 ? [] : [b.add(Squeeze, [x, b.i64(...axes)])];
  },
  (b, x, _all, dice) => (x.shape.length === 0 ? [] : [b.add(SoftMax, [x], { axis: dice.below(x.shape.length) })]),
  (b, x, _all, dice) => {
    if (x.shape.length === 0) return [];
    const axis = dice.below(x.shape.length);
    const size = shapeOf(x)[axis]!;
    if (size < 2) return [];
    if (size % 2 === 0) return b.addAll(Split, [x, b.scalar('i64', axis)], { num_splits: 2 });
    return b.addAll(VariadicSplit, [x, b.scalar('i64', axis - x.shape.length), b.i64(1, -1)]);
  },
  (b, x, _all, dice) => {
    if (x.shape.length === 0) return [];
    const step = dice.of([1, 2, -1]);
    const masks = { begin_mask: [dice.below(2) === 1], end_mask: [true], shrink_axis_mask: [dice.below(4) === 3] };
    return [
      b.add(StridedSlice, [x, b.i64(dice.of([0, -1])), b.i64(0), b.i64(masks.shrink_axis_mask[0] ? 1 : step)], masks),
    ];
  },
  (b, x, _all, dice) => {
    if (x.shape.length < 2) return [];
    return [b.add(MatMul, [x, weights(b, [shapeOf(x).at(-1)!, dice.of([2, 3])], dice)])];
  },
  (b, x, _all, dice) => [b.add(Tile, [x, b.i64(...x.shape.map(() => dice.of([1, 1, 2])))])],
  (b, x) => [b.add(Broadcast, [x, b.i64(2, ...x.shape.map(Number))])],
  (b, x, all, dice) => {
    const same = all.filter(y => y.shape.join() === x.shape.join());
    const condition = b.constant(tensorOf('boolean', [], [dice.below(2)]));
    return [b.add(Select, [condition, x, dice.of(same)])];
  },
  (b, x) => [b.add(Reshape, [b.add(Relu, [x]), b.add(ShapeOf, [x])])],
  (b, x, _all, dice) => {
    if (x.shape.length === 0) return [];
    const axis = dice.below(x.shape.length);
    return [b.add(Gather, [x, b.i64(0, shapeOf(x)[axis]! - 1), b.scalar('i64', axis)])];
  },
  (b, x) => [b.add(Convert, [b.add(Convert, [x], { destination_type: 'f64' })], { destination_type: 'f32' })],
];

function build(start: readonly number[], steps: readonly Choices[], outputs: Choices): Graph {
  const b = new Builder();
  const x = b.parameter('x', 'f32', start);
  const y = b.parameter('y', 'f32', start);
  const all: Value[] = [x, y];
  steps.forEach((choices, i) => {
    const dice = new Dice(choices);
    const step = dice.of(STEPS);
    // Prefer the newest value, which makes long chains.
    const input = dice.below(3) === 0 ? dice.of(all) : all.at(-1)!;
    const made = b.at(`step${i}`, () => step(b, input, all, dice));
    all.push(
      ...made.filter(({ shape }) => sizeOf(shape.map(Number)) <= MAX_SIZE && !shape.includes(0) && shape.length < 6),
    );
  });
  const dice = new Dice(outputs);
  const chosen = [all.at(-1)!, ...outputs.map(() => dice.of(all))];
  const graph: Graph = {
    name: 'random',
    inputs: new Map([
      ['x', x],
      ['y', y],
    ]),
    outputs: new Map(chosen.map((value, i) => [`out${i}`, value])),
  };
  // Printed if a property fails.
  return Object.assign(graph, { [fc.toStringMethod]: () => printGraph(graph).text });
}

const choices = fc.array(fc.nat(1000), { minLength: 6, maxLength: 10 });

/** Small graphs on feature maps and matrices. */
export const randomGraph: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.constantFrom([1, 4, 5, 3], [2, 3, 4, 5], [1, 3, 4, 4], [2, 6], [3, 1, 4]),
    fc.array(choices, { minLength: 1, maxLength: 16, size: 'large' }),
    fc.array(fc.nat(100), { maxLength: 2 }),
  )
  .map(([start, steps, outputs]) => build(start, steps, outputs));
