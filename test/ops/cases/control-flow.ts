import { If, Loop, type Slicing, TensorIterator } from '../../../src/ov/ops/control-flow.ts';
import { Add, Multiply } from '../../../src/ov/ops/arithmetic.ts';
import { Less } from '../../../src/ov/ops/comparison.ts';
import { Concat } from '../../../src/ov/ops/movement.ts';
import { Squeeze } from '../../../src/ov/ops/shape.ts';
import { Convert } from '../../../src/ov/ops/type.ts';
import { type OpCase, bodyOf, fixed, withBodies } from '../op-case.ts';
import { bool, f32, i32, i64 } from '../tensors.ts';

const pair = { type: 'f32', shape: [2] } as const;

const one = { type: 'f32', shape: [1] } as const;

const forward: Slicing = { axis: 0, start: 0, end: -1, stride: 1, part_size: 1 };

const backward: Slicing = { axis: 0, start: -1, end: 0, stride: -1, part_size: 1 };

const sum = bodyOf([pair, pair], (b, x, y) => [b.add(Add, [x, y])]);

const product = bodyOf([pair, pair], (b, x, y) => [b.add(Multiply, [x, y])]);

const twice = bodyOf([pair], (b, x) => [b.add(Concat, [x, x], { axis: 0 })]);

const same = bodyOf([pair], (_b, x) => [x]);

/** Adds a part of the input to what it has and always goes on: goes on, what it has. */
const accumulate = bodyOf([one, one], (b, part, total) => [b.constant(bool([], [1])), b.add(Add, [part, total])]);

/** The same for iterators, which have no condition. */
const running = bodyOf([one, one], (b, part, total) => [b.add(Add, [part, total])]);

/** Doubles while it stays below 20, and tells which turn it is. */
const doubling = bodyOf([one, { type: 'i64', shape: [1] }], (b, x, turn) => {
  const doubled = b.add(Add, [x, x]);
  const goesOn = b.add(Squeeze, [b.add(Less, [doubled, b.constant(f32([1], [20]))])]);
  return [goesOn, doubled, b.add(Convert, [turn], { destination_type: 'f32' })];
});

const scaled = bodyOf([one, { type: 'f32', shape: [] }], (b, part, factor) => [
  b.constant(bool([], [1])),
  b.add(Multiply, [part, factor]),
]);

const branches = [f32([2], [1, 2]), f32([2], [3, 5])];

const three = f32([3], [1, 2, 4]);

const yes = fixed(bool([], [1]));

export const controlFlow: readonly OpCase[] = [
  withBodies(
    If,
    'takes the first branch',
    [bool([], [1]), ...branches],
    f32([2], [4, 7]),
    {
      inputs: [
        [1, 2],
        [1, 2],
      ],
    },
    [sum, product],
  ),
  withBodies(
    If,
    'takes the second branch',
    [bool([1], [0]), ...branches],
    f32([2], [3, 10]),
    {
      inputs: [
        [1, 2],
        [1, 2],
      ],
    },
    [sum, product],
  ),
  withBodies(
    If,
    'gives each branch its own inputs',
    [bool([], [0]), ...branches],
    f32([2], [3, 5]),
    {
      inputs: [[1], [2]],
    },
    [same, same],
  ),
  withBodies(
    If,
    'joins different sizes',
    [bool([], [1]), f32([2], [1, 2])],
    f32([4], [1, 2, 1, 2]),
    {
      inputs: [[1], [1]],
    },
    [twice, same],
  ),
  withBodies(
    Loop,
    'over slices, with a back edge',
    [fixed(i64([], [3])), yes, three, f32([1], [10])],
    [f32([1], [17]), f32([3], [11, 13, 17])],
    {
      inputs: [
        { kind: 'sliced', input: 2, slicing: forward },
        { kind: 'merged', input: 3, from: 1 },
      ],
      outputs: [
        { kind: 'last', from: 1 },
        { kind: 'concatenated', from: 1, slicing: forward },
      ],
      condition: 0,
    },
    [accumulate],
  ),
  withBodies(
    Loop,
    'while a condition holds',
    [fixed(i64([], [-1])), yes, f32([1], [3])],
    [f32([1], [24]), f32([3], [6, 12, 24]), f32([1], [2])],
    {
      inputs: [{ kind: 'merged', input: 2, from: 1 }, { kind: 'iteration' }],
      outputs: [
        { kind: 'last', from: 1 },
        { kind: 'concatenated', from: 1, slicing: forward },
        { kind: 'last', from: 2 },
      ],
      condition: 0,
    },
    [doubling],
  ),
  withBodies(
    Loop,
    'ends before its trip count',
    [fixed(i32([], [10])), yes, f32([1], [7])],
    [f32([1], [28]), f32([2], [14, 28]), f32([2], [0, 1])],
    {
      inputs: [{ kind: 'merged', input: 2, from: 1 }, { kind: 'iteration' }],
      outputs: [
        { kind: 'last', from: 1 },
        { kind: 'concatenated', from: 1, slicing: forward },
        { kind: 'concatenated', from: 2, slicing: forward },
      ],
      condition: 0,
    },
    [doubling],
  ),
  withBodies(
    Loop,
    'with an invariant input',
    [fixed(i64([], [3])), yes, three, f32([], [2])],
    f32([3], [2, 4, 8]),
    {
      inputs: [
        { kind: 'sliced', input: 2, slicing: forward },
        { kind: 'invariant', input: 3 },
      ],
      outputs: [{ kind: 'concatenated', from: 1, slicing: forward }],
      condition: 0,
    },
    [scaled],
  ),
  withBodies(
    TensorIterator,
    'over slices, with a back edge',
    [three, f32([1], [10])],
    [f32([3], [11, 13, 17]), f32([1], [17])],
    {
      inputs: [
        { kind: 'sliced', input: 0, slicing: forward },
        { kind: 'merged', input: 1, from: 0 },
      ],
      outputs: [
        { kind: 'concatenated', from: 0, slicing: forward },
        { kind: 'last', from: 0 },
      ],
    },
    [running],
  ),
  withBodies(
    TensorIterator,
    'backwards',
    [three, f32([1], [10])],
    f32([3], [17, 16, 14]),
    {
      inputs: [
        { kind: 'sliced', input: 0, slicing: backward },
        { kind: 'merged', input: 1, from: 0 },
      ],
      outputs: [{ kind: 'concatenated', from: 0, slicing: backward }],
    },
    [running],
  ),
];
