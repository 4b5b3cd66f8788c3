import { type Dim, dimEquals, dimFloorDiv, dimMul, freshDim, type Shape } from '../../tensor/dim.ts';
import type { Codec } from '../attributes.ts';
import type { Type, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { shapeMismatch } from './support/infer.ts';

/** Ops with bodies. How a body's inputs and outputs meet those of the op stands in the IR outside `<data>`. */

/** An attribute that the IR writes as a port map; elsewhere it is JSON. */
const outside = <T>(): Codec<T, false> => ({
  optional: false,
  write: value => JSON.stringify(value),
  read: text => JSON.parse(text) as T,
});

/** Both sizes where they agree; unknown where they do not. */
const either = (a: Shape, b: Shape): Shape => {
  if (a.length !== b.length) throw shapeMismatch('the branches of If give values of different ranks');
  return a.map((dim, i) => (dimEquals(dim, b[i]!) ? dim : freshDim()));
};

/**
 * Inputs: condition, then what the branches use. `inputs` says, for each branch, which op input (counted from 1, behind
 * the condition) each of its parameters is. Bodies: then, else; both give the op's outputs in order.
 */
export const If = defineOp({
  type: 'If',
  opset: 'opset8',
  attributes: { inputs: outside<readonly [readonly number[], readonly number[]]>() },
  infer: (_inputs, _attrs, [then, otherwise]) => {
    const [a, b] = [[...then!.outputs.values()], [...otherwise!.outputs.values()]];
    if (a.length !== b.length) throw shapeMismatch('the branches of If give different numbers of outputs');
    return a.map((value, i) => {
      if (value.type !== b[i]!.type) throw shapeMismatch(`the branches of If give ${value.type} and ${b[i]!.type}`);
      return { type: value.type, shape: either(value.shape, b[i]!.shape) };
    });
  },
});

/** Which part of a value one turn of a Loop sees: `part_size` positions of `axis`, from `start` by `stride` to `end`. */
export interface Slicing {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly stride: number;
  readonly part_size: number;
}

/** How a parameter of a Loop's body gets its value. */
export type LoopInput =
  | { readonly kind: 'invariant'; readonly input: number }
  | { readonly kind: 'merged'; readonly input: number; readonly from: number }
  | { readonly kind: 'sliced'; readonly input: number; readonly slicing: Slicing }
  | { readonly kind: 'iteration' };

/** How an output of a Loop comes from the body's output `from`. */
export type LoopOutput =
  | { readonly kind: 'last'; readonly from: number }
  | { readonly kind: 'concatenated'; readonly from: number; readonly slicing: Slicing };

const isTrue = (value: Value): boolean => value.node.constant?.data[0] === 1;

/**
 * Inputs: trip count (-1 for none), condition before the first turn, then what the body uses. `inputs` follows the body's
 * parameters, `outputs` the op's outputs; `condition` is the body output that says whether another turn follows.
 */
export const Loop = defineOp({
  type: 'Loop',
  opset: 'opset5',
  attributes: {
    inputs: outside<readonly LoopInput[]>(),
    outputs: outside<readonly LoopOutput[]>(),
    condition: outside<number>(),
  },
  infer: ([tripCount, start], { outputs, condition }, [body]) => {
    const results = [...body!.outputs.values()];
    // A condition that can fail may end the loop before its trip count.
    const turns = isTrue(start!) && isTrue(results[condition]!) ? tripCount!.partialValue?.[0] : undefined;
    return typesOf(outputs, results, turns === undefined || turns === -1 ? freshDim() : turns);
  },
});

/** The types of a loop's outputs after `turns` turns. */
const typesOf = (outputs: readonly LoopOutput[], results: readonly Value[], turns: Dim): readonly Type[] =>
  outputs.map(output => {
    const { type, shape } = results[output.from]!;
    if (output.kind === 'last') return { type, shape };
    return { type, shape: shape.map((dim, i) => (i === output.slicing.axis ? dimMul(dim, turns) : dim)) };
  });

/** The older form of Loop: no condition, and as many turns as the sliced inputs have parts. */
export const TensorIterator = defineOp({
  type: 'TensorIterator',
  opset: 'opset1',
  attributes: { inputs: outside<readonly LoopInput[]>(), outputs: outside<readonly LoopOutput[]>() },
  infer: (values, { inputs, outputs }, [body]) => {
    const sliced = inputs.find(input => input.kind === 'sliced');
    const turns = sliced === undefined ? freshDim() : partsOf(values[sliced.input]!, sliced.slicing);
    return typesOf(outputs, [...body!.outputs.values()], turns);
  },
});

/** The number of parts that a slicing of a whole axis gives. */
function partsOf({ shape }: Value, { axis, start, end, stride, part_size }: Slicing): Dim {
  const whole = stride > 0 ? start === 0 && end === -1 : start === -1 && end === 0;
  return whole && Math.abs(stride) === part_size ? dimFloorDiv(shape[axis]!, part_size) : freshDim();
}
