import { type Dim, dimEquals, dimMul, freshDim, type Shape } from '../../tensor/dim.ts';
import type { Codec } from '../attributes.ts';
import type { Type } from '../graph.ts';
import { defineOp } from '../op.ts';
import { misfit } from './rules.ts';

/** Ops with bodies. How a body's inputs and outputs meet those of the op stands in the IR outside `<data>`. */

/** An attribute that the IR writes as a port map; elsewhere it is JSON. */
const outside = <T>(): Codec<T, false> => ({
  optional: false,
  write: value => JSON.stringify(value),
  read: text => JSON.parse(text) as T,
});

/** Both sizes where they agree; unknown where they do not. */
const either = (a: Shape, b: Shape): Shape => {
  if (a.length !== b.length) throw misfit('the branches of If give values of different ranks');
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
    if (a.length !== b.length) throw misfit('the branches of If give different numbers of outputs');
    return a.map((value, i) => {
      if (value.type !== b[i]!.type) throw misfit(`the branches of If give ${value.type} and ${b[i]!.type}`);
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
  infer: ([tripCount], { outputs }, [body]) => {
    const results = [...body!.outputs.values()];
    const turns = tripCount!.contents?.[0];
    const count: Dim = turns === undefined || turns === -1 ? freshDim() : turns;
    return outputs.map((output): Type => {
      const value = results[output.from]!;
      if (output.kind === 'last') return { type: value.type, shape: value.shape };
      return { type: value.type, shape: concatenated(value.shape, output.slicing.axis, count) };
    });
  },
});

const concatenated = (shape: Shape, axis: number, count: Dim): Shape =>
  shape.map((dim, i) => (i === axis ? dimMul(dim, count) : dim));

/** The older form of Loop: no condition, and as many turns as the sliced inputs have parts. */
export const TensorIterator = defineOp({
  type: 'TensorIterator',
  opset: 'opset1',
  attributes: { inputs: outside<readonly LoopInput[]>(), outputs: outside<readonly LoopOutput[]>() },
  infer: (_inputs, { outputs }, [body]) => {
    const results = [...body!.outputs.values()];
    return outputs.map((output): Type => {
      const value = results[output.from]!;
      if (output.kind === 'last') return { type: value.type, shape: value.shape };
      return { type: value.type, shape: concatenated(value.shape, output.slicing.axis, freshDim()) };
    });
  },
});
