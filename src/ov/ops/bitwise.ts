import { text } from '../attributes.ts';
import type { StaticType } from '../graph.ts';
import { defineOp } from '../op.ts';
import { mapTensor, zipTensors } from './support/evaluate.ts';
import { broadcastShapes, sameAs, sameType } from './support/infer.ts';

/** JavaScript's bitwise operators truncate to signed 32-bit integers, so constants of other types are not folded. */
const fitsOperators = ([x]: readonly StaticType[]): boolean => !['i64', 'u64', 'u32'].includes(x!.type);

const bitwise = (type: string, opset: string, f: (x: number, y: number) => number) =>
  defineOp({
    type,
    opset,
    arity: 2,
    attributes: { auto_broadcast: text('numpy') },
    traits: { elementwise: true, broadcast: 'common' },
    infer: ([a, b]) => {
      sameType(a!, b!, type);
      return [{ type: a!.type, shape: broadcastShapes(a!.shape, b!.shape) }];
    },
    evaluate: ([a, b], _attrs, [out]) => [zipTensors(a!, b!, out!, f)],
    canEvaluate: fitsOperators,
  });

export const BitwiseAnd = bitwise('BitwiseAnd', 'opset13', (x, y) => x & y);

export const BitwiseOr = bitwise('BitwiseOr', 'opset13', (x, y) => x | y);

export const BitwiseXor = bitwise('BitwiseXor', 'opset13', (x, y) => x ^ y);

export const BitwiseLeftShift = bitwise('BitwiseLeftShift', 'opset15', (x, y) => x << y);

export const BitwiseRightShift = bitwise('BitwiseRightShift', 'opset15', (x, y) => x >> y);

export const BitwiseNot = defineOp({
  type: 'BitwiseNot',
  opset: 'opset13',
  arity: 1,
  attributes: {},
  traits: { elementwise: true },
  infer: sameAs(0),
  evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, out!.type === 'boolean' ? v => (v === 0 ? 1 : 0) : v => ~v)],
  canEvaluate: fitsOperators,
});
