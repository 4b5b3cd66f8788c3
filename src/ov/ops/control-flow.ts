import { type Dim, dimEquals, dimFloorDiv, dimMul, freshDim, type Shape } from '../../tensor/dim.ts';
import type { Codec } from '../attributes.ts';
import type { Type, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { shapeMismatch } from './support/infer.ts';

/** An attribute that the IR writes as a port map, outside `<data>`; elsewhere it is JSON. */
const portMap = <T>(): Codec<T, false> => ({
  optional: false,
  write: value => JSON.stringify(value),
  read: text => JSON.parse(text) as T,
});

const commonShape = (a: Shape, b: Shape): Shape => {
  if (a.length !== b.length) throw shapeMismatch('the branches of If return values of different ranks');
  return a.map((dim, i) => (dimEquals(dim, b[i]!) ? dim : freshDim()));
};

/**
 * Inputs: condition, then the values that the branches use. Bodies: then, else; both return the outputs of the op, in order.
 * `inputs` maps the parameters of each branch to inputs of the op (1 is the first one after the condition).
 */
export const If = defineOp({
  type: 'If',
  opset: 'opset8',
  arity: [1, Infinity],
  attributes: { inputs: portMap<readonly [readonly number[], readonly number[]]>() },
  infer: (_inputs, _attrs, [then, otherwise]) => {
    const a = [...then!.outputs.values()];
    const b = [...otherwise!.outputs.values()];
    if (a.length !== b.length) throw shapeMismatch('the branches of If return different numbers of values');
    return a.map((value, i) => {
      if (value.type !== b[i]!.type) throw shapeMismatch(`the branches of If return ${value.type} and ${b[i]!.type}`);
      return { type: value.type, shape: commonShape(value.shape, b[i]!.shape) };
    });
  },
});

/** The part of a value that one iteration uses: `part_size` positions of `axis`, from `start` to `end` by `stride`. */
export interface Slicing {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly stride: number;
  readonly part_size: number;
}

/** Where a parameter of a loop body gets its value from. `from` is the body output that is its value in the next iteration. */
export type LoopInput =
  | { readonly kind: 'invariant'; readonly input: number }
  | { readonly kind: 'merged'; readonly input: number; readonly from: number }
  | { readonly kind: 'sliced'; readonly input: number; readonly slicing: Slicing }
  | { readonly kind: 'iteration' };

export type LoopOutput =
  | { readonly kind: 'last'; readonly from: number }
  | { readonly kind: 'concatenated'; readonly from: number; readonly slicing: Slicing };

const isTrue = (value: Value): boolean => value.node.constant?.data[0] === 1;

/**
 * Inputs: trip count (-1 if unlimited), condition for the first iteration, then the values that the body uses. `inputs` is
 * in the order of the body's parameters, `outputs` of the op's outputs. `condition` is the body output that continues the loop.
 */
export const Loop = defineOp({
  type: 'Loop',
  opset: 'opset5',
  arity: [2, Infinity],
  attributes: {
    inputs: portMap<readonly LoopInput[]>(),
    outputs: portMap<readonly LoopOutput[]>(),
    condition: portMap<number>(),
  },
  infer: ([tripCount, start], { outputs, condition }, [body]) => {
    const results = [...body!.outputs.values()];
    // A condition may end the loop before its trip count.
    const iterations = isTrue(start!) && isTrue(results[condition]!) ? tripCount!.partialValue?.[0] : undefined;
    return typesOf(outputs, results, iterations === undefined || iterations === -1 ? freshDim() : iterations);
  },
});

const typesOf = (outputs: readonly LoopOutput[], results: readonly Value[], iterations: Dim): readonly Type[] =>
  outputs.map(output => {
    const { type, shape } = results[output.from]!;
    if (output.kind === 'last') return { type, shape };
    return { type, shape: shape.map((dim, i) => (i === output.slicing.axis ? dimMul(dim, iterations) : dim)) };
  });

/** The predecessor of Loop: no condition, and one iteration per part of the sliced inputs. */
export const TensorIterator = defineOp({
  type: 'TensorIterator',
  opset: 'opset1',
  arity: [1, Infinity],
  attributes: { inputs: portMap<readonly LoopInput[]>(), outputs: portMap<readonly LoopOutput[]>() },
  infer: (values, { inputs, outputs }, [body]) => {
    const sliced = inputs.find(input => input.kind === 'sliced');
    const iterations = sliced === undefined ? freshDim() : partsOf(values[sliced.input]!, sliced.slicing);
    return typesOf(outputs, [...body!.outputs.values()], iterations);
  },
});

function partsOf({ shape }: Value, { axis, start, end, stride, part_size }: Slicing): Dim {
  const whole = stride > 0 ? start === 0 && end === -1 : start === -1 && end === 0;
  return whole && Math.abs(stride) === part_size ? dimFloorDiv(shape[axis]!, part_size) : freshDim();
}
