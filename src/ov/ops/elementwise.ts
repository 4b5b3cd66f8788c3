import {
  type Dim,
  dimAdd,
  dimFloorDiv,
  freshDim,
  dimMax,
  dimMin,
  dimMul,
  dimSub,
  dimTruncDiv,
  isStatic,
} from '../../tensor/dim.ts';
import { type ElementType, isReal } from '../../tensor/element-type.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { boolean, text } from '../attributes.ts';
import type { Type, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { broadcastOffsets, type ScaleRow, zipTensors } from './kernels.ts';
import { broadcastShapes, misfit, sameType } from './rules.ts';

/** Binary ops that broadcast as NumPy does. */

type OfTwo = (x: number, y: number) => number;
type OfSizes = (a: Dim, b: Dim) => Dim | undefined;

interface Binary {
  readonly opset?: string;
  readonly real: OfTwo;
  /** For integer types, where it differs. */
  readonly integer?: OfTwo;
  readonly sizes?: OfSizes;
  /** `real` in a loop of its own, for ops that weights go through: calling it for each element takes ten times as long. */
  readonly scaleRow?: ScaleRow;
  /** The result's type; the inputs' by default. */
  readonly result?: ElementType;
}

const attributes = { auto_broadcast: text('numpy') };

const inferBinary = (type: string, inputs: readonly Value[], result?: ElementType): readonly Type[] => {
  const [a, b] = inputs;
  if (a === undefined || b === undefined) throw misfit(`${type} needs two inputs`);
  sameType(a, b, type);
  return [{ type: result ?? a.type, shape: broadcastShapes(a.shape, b.shape) }];
};

/** Two values' elements as sizes, combined where they broadcast; nothing where one result is unknown. */
export function zipContents([a, b]: readonly Value[], type: Type, f: OfSizes): readonly Dim[] | undefined {
  if (a?.contents === undefined || b?.contents === undefined || !isStatic(type.shape)) return undefined;
  if (!isStatic(a.shape) || !isStatic(b.shape)) return undefined;
  const [p, q] = [broadcastOffsets(a.shape, type.shape), broadcastOffsets(b.shape, type.shape)];
  const sizes: Dim[] = [];
  for (let i = 0; i < sizeOf(type.shape); i++) {
    const size = f(a.contents[p[i]!]!, b.contents[q[i]!]!);
    if (size === undefined) return undefined;
    sizes.push(size);
  }
  return sizes;
}

const binary = (type: string, { opset = 'opset1', real, integer, sizes, scaleRow, result }: Binary) =>
  defineOp({
    type,
    opset,
    attributes,
    infer: inputs => inferBinary(type, inputs, result),
    evaluate: ([a, b], _attrs, [out]) => {
      const f = integer !== undefined && !isReal(a!.type) ? integer : real;
      return [zipTensors(a!, b!, out!, f, scaleRow)];
    },
    ...(sizes === undefined ? {} : { contents: (inputs, _attrs, out) => zipContents(inputs, out, sizes) }),
  });

const truth =
  (holds: (x: number, y: number) => boolean): OfTwo =>
  (x, y) =>
    holds(x, y) ? 1 : 0;

/** A comparison of sizes whose difference is known. */
const compare = (type: string, holds: (x: number, y: number) => boolean) =>
  binary(type, {
    real: truth(holds),
    result: 'boolean',
    sizes: (a, b) => {
      const difference = dimSub(a, b);
      return typeof difference === 'number' ? truth(holds)(difference, 0) : freshDim();
    },
  });

const logical = (type: string, holds: (x: number, y: number) => boolean) =>
  binary(type, { real: truth(holds), result: 'boolean' });

const floorMod: OfTwo = (x, y) => x - Math.floor(x / y) * y;

export const Add = binary('Add', { real: (x, y) => x + y, sizes: dimAdd });
export const Subtract = binary('Subtract', { real: (x, y) => x - y, sizes: dimSub });
export const Multiply = binary('Multiply', {
  real: (x, y) => x * y,
  scaleRow: (x, factor, result, from, to) => {
    for (let i = from; i < to; i++) result[i] = x[i]! * factor;
  },
  sizes: dimMul,
});
export const Maximum = binary('Maximum', { real: Math.max, sizes: dimMax });
export const Minimum = binary('Minimum', { real: Math.min, sizes: dimMin });
export const Power = binary('Power', { real: Math.pow });
export const SquaredDifference = binary('SquaredDifference', { real: (x, y) => (x - y) ** 2 });
export const Mod = binary('Mod', { real: (x, y) => x % y });
export const FloorMod = binary('FloorMod', {
  real: floorMod,
  sizes: (a, b) => dimSub(a, dimMul(dimFloorDiv(a, b), b)),
});

export const Equal = compare('Equal', (x, y) => x === y);
export const NotEqual = compare('NotEqual', (x, y) => x !== y);
export const Less = compare('Less', (x, y) => x < y);
export const LessEqual = compare('LessEqual', (x, y) => x <= y);
export const Greater = compare('Greater', (x, y) => x > y);
export const GreaterEqual = compare('GreaterEqual', (x, y) => x >= y);

export const LogicalAnd = logical('LogicalAnd', (x, y) => x !== 0 && y !== 0);
export const LogicalOr = logical('LogicalOr', (x, y) => x !== 0 || y !== 0);
export const LogicalXor = logical('LogicalXor', (x, y) => (x !== 0) !== (y !== 0));

/** Division; of integers it rounds towards minus infinity (`m_pythondiv`) or towards zero. */
export const Divide = defineOp({
  type: 'Divide',
  opset: 'opset1',
  attributes: { ...attributes, m_pythondiv: boolean(true) },
  infer: inputs => inferBinary('Divide', inputs),
  evaluate: ([a, b], { m_pythondiv }, [out]) => {
    const integer = m_pythondiv ? Math.floor : Math.trunc;
    return [zipTensors(a!, b!, out!, isReal(a!.type) ? (x, y) => x / y : (x, y) => integer(x / y))];
  },
  contents: (inputs, { m_pythondiv }, out) => zipContents(inputs, out, m_pythondiv ? dimFloorDiv : dimTruncDiv),
});

/** The ops of this file whose elements stand each for itself: a transpose passes through them. */
export const BROADCASTING = [
  Add,
  Subtract,
  Multiply,
  Divide,
  Maximum,
  Minimum,
  Power,
  SquaredDifference,
  Mod,
  FloorMod,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  LogicalAnd,
  LogicalOr,
  LogicalXor,
] as const;
