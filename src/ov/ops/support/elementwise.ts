import { type Dim, dimSub, freshDim, isStatic } from '../../../tensor/dim.ts';
import { type ElementType, isReal } from '../../../tensor/element-type.ts';
import { sizeOf } from '../../../tensor/tensor.ts';
import { text } from '../../attributes.ts';
import type { Type, Value } from '../../graph.ts';
import { defineOp } from '../../op.ts';
import { broadcastOffsets, mapTensor, type ScaleRow, zipTensors } from './evaluate.ts';
import { broadcastShapes, sameAs, sameType } from './infer.ts';

export type OfTwo = (x: number, y: number) => number;

type OfSizes = (a: Dim, b: Dim) => Dim | undefined;

interface Binary {
  readonly opset?: string;
  readonly real: OfTwo;
  readonly integer?: OfTwo;
  readonly sizes?: OfSizes;
  /** `real` for a row of weights: ten times as fast as a call per element. */
  readonly scaleRow?: ScaleRow;
  readonly result?: ElementType;
}

export const broadcasting = { auto_broadcast: text('numpy') };

export const inferBinary = (type: string, inputs: readonly Value[], result?: ElementType): readonly Type[] => {
  const [a, b] = inputs;
  sameType(a!, b!, type);
  return [{ type: result ?? a!.type, shape: broadcastShapes(a!.shape, b!.shape) }];
};

export function zipPartialValues([a, b]: readonly Value[], type: Type, f: OfSizes): readonly Dim[] | undefined {
  if (a?.partialValue === undefined || b?.partialValue === undefined || !isStatic(type.shape)) return undefined;
  if (!isStatic(a.shape) || !isStatic(b.shape)) return undefined;
  const aAt = broadcastOffsets(a.shape, type.shape);
  const bAt = broadcastOffsets(b.shape, type.shape);
  const sizes: Dim[] = [];
  for (let i = 0; i < sizeOf(type.shape); i++) {
    const size = f(a.partialValue[aAt[i]!]!, b.partialValue[bAt[i]!]!);
    if (size === undefined) return undefined;
    sizes.push(size);
  }
  return sizes;
}

export const binary = (type: string, { opset = 'opset1', real, integer, sizes, scaleRow, result }: Binary) =>
  defineOp({
    type,
    opset,
    arity: 2,
    attributes: broadcasting,
    traits: { elementwise: true, broadcast: 'common' },
    infer: inputs => inferBinary(type, inputs, result),
    evaluate: ([a, b], _attrs, [out]) => {
      const f = integer !== undefined && !isReal(a!.type) ? integer : real;
      return [zipTensors(a!, b!, out!, f, scaleRow)];
    },
    ...(sizes === undefined ? {} : { partialValue: (inputs, _attrs, out) => zipPartialValues(inputs, out, sizes) }),
  });

const truth =
  (holds: (x: number, y: number) => boolean): OfTwo =>
  (x, y) =>
    holds(x, y) ? 1 : 0;

/** The comparison of partial values is known if their difference is. */
export const compare = (type: string, holds: (x: number, y: number) => boolean) =>
  binary(type, {
    real: truth(holds),
    result: 'boolean',
    sizes: (a, b) => {
      const difference = dimSub(a, b);
      return typeof difference === 'number' ? truth(holds)(difference, 0) : freshDim();
    },
  });

export const logical = (type: string, holds: (x: number, y: number) => boolean) =>
  binary(type, { real: truth(holds), result: 'boolean' });

export const unary = (type: string, f: (x: number) => number, opset = 'opset1') =>
  defineOp({
    type,
    opset,
    arity: 1,
    attributes: {},
    traits: { elementwise: true },
    infer: sameAs(0),
    evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, f)],
  });

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

export const roundHalfToEven = (x: number): number => {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
};

export const predicate = (type: string, f: (x: number) => boolean) =>
  defineOp({
    type,
    opset: 'opset10',
    arity: 1,
    attributes: {},
    traits: { elementwise: true },
    infer: ([x]) => [{ type: 'boolean', shape: x!.shape }],
    evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, v => (f(v) ? 1 : 0))],
  });
