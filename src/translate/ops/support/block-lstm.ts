import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Sigmoid } from '../../../ov/ops/activation.ts';
import { Add, Maximum, Minimum, Multiply, Tanh } from '../../../ov/ops/arithmetic.ts';
import { Less } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Loop } from '../../../ov/ops/control-flow.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { MatMul } from '../../../ov/ops/matrix.ts';
import { Split, VariadicSplit } from '../../../ov/ops/movement.ts';
import { checkRankOf } from '../../../ov/ops/support/infer.ts';
import { concat, constantLike, convert, sizeAlong, unsqueeze } from '../../../ov/shorthand.ts';
import { type Dim, dimEquals, freshDim } from '../../../tensor/dim.ts';
import { EACH_ITEM } from '../../../ov/for-each.ts';
import { firstItems } from '../../control/emit-loop.ts';
import { knownDim } from '../../known-dim.ts';
import type { TfOp } from '../../tf-op.ts';
import { countTo } from '../generation.ts';
import type { Translator } from '../../translator.ts';

/** Weights and attributes of an LSTM cell. Its gates are columns of one product, in this order. */
interface Cell {
  readonly gates: 'i ci f o' | 'i f ci o';
  /** Weights [input + cells, 4 cells] and bias [4 cells]. */
  readonly weights: Value;
  readonly bias: Value;
  readonly cells: number;
  /** Weights of the state in the input, forget and output gates, each [cells]. */
  readonly peepholes: readonly Value[] | undefined;
  readonly forgetBias: number;
  /** The state is limited to this magnitude, if it is positive. */
  readonly clip: number;
}

/** One step: all but `cs`, the new state, and `h`, the output, are the gates; each is [batch, cells]. */
interface Step {
  readonly i: Value;
  readonly cs: Value;
  readonly f: Value;
  readonly o: Value;
  readonly ci: Value;
  readonly co: Value;
  readonly h: Value;
}

const outputsOf = ({ i, cs, f, o, ci, co, h }: Step): readonly Value[] => [i, cs, f, o, ci, co, h];

/** The cell whose weights start at input `first`, in the order of LSTMBlockCell. */
function cellOf(op: TfOp, first: number): Cell {
  const bias = op.input(first + 4);
  const isV2 = op.type.endsWith('V2');
  return {
    gates: isV2 ? 'i f ci o' : 'i ci f o',
    weights: op.input(first),
    bias,
    cells: knownDim(bias.shape[0], 'the number of cells') / 4,
    peepholes: op.bool('use_peephole', false)
      ? [op.input(first + 1), op.input(first + 2), op.input(first + 3)]
      : undefined,
    forgetBias: isV2 ? 0 : op.float('forget_bias', 1),
    clip: op.float('cell_clip', isV2 ? 0 : 3),
  };
}

const add = (b: Builder, x: Value, y: Value): Value => b.add(Add, [x, y]);
const multiply = (b: Builder, x: Value, y: Value): Value => b.add(Multiply, [x, y]);

/** Computes a step from the products of input and previous output with the weights, plus bias. */
function step(b: Builder, { gates, peepholes, forgetBias, clip }: Cell, products: Value, state: Value): Step {
  const parts = b.addAll(Split, [products, b.scalar('i64', 1)], { num_splits: 4 });
  const part = (gate: string): Value => parts[gates.split(' ').indexOf(gate)]!;
  const withPeephole = (gate: Value, from: Value, index: 0 | 1 | 2): Value =>
    peepholes === undefined ? gate : add(b, gate, multiply(b, from, peepholes[index]!));
  const forget = forgetBias === 0 ? part('f') : add(b, part('f'), constantLike(b, state, forgetBias));
  const i = b.add(Sigmoid, [withPeephole(part('i'), state, 0)]);
  const f = b.add(Sigmoid, [withPeephole(forget, state, 1)]);
  const ci = b.add(Tanh, [part('ci')]);
  const sum = add(b, multiply(b, ci, i), multiply(b, state, f));
  const cs = clip > 0 ? limited(b, sum, clip) : sum;
  const o = b.add(Sigmoid, [withPeephole(part('o'), cs, 2)]);
  const co = b.add(Tanh, [cs]);
  return { i, cs, f, o, ci, co, h: multiply(b, co, o) };
}

const limited = (b: Builder, x: Value, limit: number): Value =>
  b.add(Maximum, [b.add(Minimum, [x, constantLike(b, x, limit)]), constantLike(b, x, -limit)]);

/** Inputs: x [batch, input], state, previous output, weights, three peepholes, bias. */
export const lstmBlockCell: Translator = (op, b) => {
  const cell = cellOf(op, 3);
  const joined = concat(b, 1, [op.input(0), op.input(2)]);
  const products = add(b, b.add(MatMul, [joined, cell.weights]), cell.bias);
  return outputsOf(step(b, cell, products, op.input(1)));
};

/** Inputs: number of steps, x [time, batch, input], then those of LSTMBlockCell. Outputs are zero after the last step. */
export const blockLstm: Translator = (op, b) => {
  const x = op.input(1);
  checkRankOf(`the input of ${op.type}`, x, 3);
  checkRankOf(`the state of ${op.type}`, op.input(2), 2);
  checkRankOf(`the previous output of ${op.type}`, op.input(3), 2);
  const cell = cellOf(op, 4);
  const [forInput, forOutput] = b.addAll(VariadicSplit, [cell.weights, b.scalar('i64', 0), b.i64(-1, cell.cells)]);
  const products = add(b, b.add(MatMul, [x, forInput!]), cell.bias);
  const count = sizeAlong(b, x, 0);
  const outputs = repeat(op, b, { ...cell, weights: forOutput! }, products, count);
  const steps = convert(b, op.input(0), 'i64');
  if (dimEquals(steps.partialValue?.[0] ?? freshDim(), x.shape[0]!)) return outputs;
  const isStep = unsqueeze(b, b.add(Less, [countTo(b, count), steps]), 1, 2);
  return outputs.map(output => b.add(Select, [isStep, output, constantLike(b, output, 0)]));
};

/** Runs `count` steps as a Loop; the weights are those of the previous output. Its outputs are [count, batch, cells]. */
function repeat(op: TfOp, b: Builder, cell: Cell, products: Value, count: Value): readonly Value[] {
  // OpenVINO cannot fold a Loop of constants that uses its iteration number, so the body counts.
  const starts = [b.scalar('i64', 0), op.input(2), op.input(3)];
  const batch = commonDim([products, op.input(2), op.input(3)].map(({ shape }) => shape.at(-2)!));
  const [index, state, output] = starts.map(({ type }, i) =>
    b.parameter(`variable${i}`, type, i === 0 ? [] : [batch, cell.cells]),
  ) as [Value, Value, Value];
  // The body uses constants as they are.
  const others = [products, cell.weights, ...(cell.peepholes ?? [])].filter(({ node }) => node.constant === undefined);
  const invariants = others.map(({ type, shape }, i) => b.parameter(`invariant${i}`, type, shape));
  const inside = (value: Value): Value => invariants[others.indexOf(value)] ?? value;
  const current = b.add(Gather, [inside(products), index, b.scalar('i64', 0)]);
  const sum = add(b, current, b.add(MatMul, [output, inside(cell.weights)]));
  const made = step(b, { ...cell, peepholes: cell.peepholes?.map(inside) }, sum, state);
  const items = outputsOf(made).map(value => unsqueeze(b, value, 0));
  const always = b.scalar('boolean', 1);
  const results = [always, add(b, index, b.scalar('i64', 1)), made.cs, made.h, ...items];
  // Inputs 0 and 1 are the trip count and the initial condition.
  const inputs = [count, always, ...starts, ...others];
  const outputs = b.addWithBodies(
    Loop,
    inputs,
    {
      inputs: [
        ...starts.map((_, i) => ({ kind: 'merged', input: i + 2, from: i + 1 }) as const),
        ...others.map((_, i) => ({ kind: 'invariant', input: i + 2 + starts.length }) as const),
      ],
      outputs: items.map(item => ({ kind: 'concatenated', from: results.indexOf(item), slicing: EACH_ITEM })),
      condition: 0,
    },
    [
      {
        name: `${op.node.name}/body`,
        inputs: new Map([index, state, output, ...invariants].map(parameter => [parameter.node.name, parameter])),
        outputs: new Map(results.map((value, i) => [`result${i}`, value])),
      },
    ],
  );
  return outputs.map(stacked => firstItems(stacked, count, b));
}

const commonDim = ([first, ...others]: readonly Dim[]): Dim =>
  others.every(dim => dimEquals(dim, first!)) ? first! : freshDim();
