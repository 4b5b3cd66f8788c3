import { type Dim, dimAdd, dimMax, dimMin, dimMul, type Shape } from '../../tensor/dim.ts';
import { numbersOf, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { boolean } from '../attributes.ts';
import type { StaticType, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { generate, gridOffsets } from './support/evaluate.ts';
import { axesOf, knownIntegers, stridesOf } from './support/infer.ts';

interface Reduction {
  readonly opset?: string;
  readonly initial: number;
  readonly step: (sum: number, x: number) => number;
  readonly finish?: (sum: number, count: number) => number;
  readonly sizes?: (a: Dim, b: Dim) => Dim;
  /** Whether the reduction of a single element is that element; true if missing. */
  readonly keepsSingle?: boolean;
}

const reducedShape = (shape: Shape, axes: readonly number[], keep: boolean): Shape =>
  shape.flatMap((dim, i): Shape => (!axes.includes(i) ? [dim] : keep ? [1] : []));

const reducedAxes = ([x, axes]: readonly Value[], type: string): readonly number[] =>
  axesOf(knownIntegers(axes!, `the axes of ${type}`), x!.shape.length);

function reduceTensor(
  x: Tensor,
  axes: readonly number[],
  out: StaticType,
  { initial, step, finish }: Reduction,
): Tensor {
  const numbers = numbersOf(x);
  const strides = stridesOf(x.shape);
  const kept = x.shape.map((_, i) => i).filter(i => !axes.includes(i));
  const offsets = (along: readonly number[]): Int32Array =>
    gridOffsets(
      along.map(i => x.shape[i]!),
      along.map(i => strides[i]!),
      0,
    );
  const starts = offsets(kept);
  const inner = offsets(axes);
  const count = sizeOf(axes.map(i => x.shape[i]!));
  return generate(out, i => {
    let sum = initial;
    for (let j = 0; j < count; j++) sum = step(sum, numbers[starts[i]! + inner[j]!]!);
    return finish === undefined ? sum : finish(sum, count);
  });
}

const reduction = (type: string, facts: Reduction) =>
  defineOp({
    type,
    opset: facts.opset ?? 'opset1',
    arity: 2,
    attributes: { keep_dims: boolean(false) },
    traits: { axes: { input: 1 }, ...(facts.keepsSingle !== false && { identityWithoutAxes: true }) },
    infer: (inputs, { keep_dims }) => [
      { type: inputs[0]!.type, shape: reducedShape(inputs[0]!.shape, reducedAxes(inputs, type), keep_dims) },
    ],
    evaluate: ([x, axes], _attrs, [out]) => [
      reduceTensor(x!, axesOf(Array.from(numbersOf(axes!)), x!.shape.length), out!, facts),
    ],
    // The maximum of no elements is the lowest number of the type, not -Infinity.
    canEvaluate: ([x]) => sizeOf(x!.shape) > 0 || Number.isFinite(facts.initial),
    partialValue: ([x, axes]) => {
      if (facts.sizes === undefined || x!.partialValue === undefined || x!.shape.length !== 1) return undefined;
      if (axes!.shape.length > 0 && axes!.shape[0] === 0) return x!.partialValue;
      const [first, ...others] = x!.partialValue;
      if (first === undefined) return Number.isFinite(facts.initial) ? [facts.initial] : undefined;
      return [others.reduce<Dim>(facts.sizes, first)];
    },
  });

export const ReduceSum = reduction('ReduceSum', { initial: 0, step: (sum, x) => sum + x, sizes: dimAdd });

export const ReduceProd = reduction('ReduceProd', { initial: 1, step: (product, x) => product * x, sizes: dimMul });

export const ReduceMax = reduction('ReduceMax', { initial: -Infinity, step: Math.max, sizes: dimMax });

export const ReduceMin = reduction('ReduceMin', { initial: Infinity, step: Math.min, sizes: dimMin });

export const ReduceMean = reduction('ReduceMean', {
  initial: 0,
  step: (sum, x) => sum + x,
  finish: (sum, count) => sum / count,
});

export const ReduceLogicalAnd = reduction('ReduceLogicalAnd', {
  initial: 1,
  step: (all, x) => (all !== 0 && x !== 0 ? 1 : 0),
});

export const ReduceLogicalOr = reduction('ReduceLogicalOr', {
  initial: 0,
  step: (any, x) => (any !== 0 || x !== 0 ? 1 : 0),
});

export const ReduceL1 = reduction('ReduceL1', {
  opset: 'opset4',
  initial: 0,
  step: (sum, x) => sum + Math.abs(x),
  keepsSingle: false,
});

export const ReduceL2 = reduction('ReduceL2', {
  opset: 'opset4',
  initial: 0,
  step: (sum, x) => sum + x * x,
  finish: Math.sqrt,
  keepsSingle: false,
});
