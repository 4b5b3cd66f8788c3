import { boolean } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { compare, predicate } from './support/elementwise.ts';

export const Equal = compare('Equal', (x, y) => x === y);

export const NotEqual = compare('NotEqual', (x, y) => x !== y);

export const Less = compare('Less', (x, y) => x < y);

export const LessEqual = compare('LessEqual', (x, y) => x <= y);

export const Greater = compare('Greater', (x, y) => x > y);

export const GreaterEqual = compare('GreaterEqual', (x, y) => x >= y);

export const IsFinite = predicate('IsFinite', Number.isFinite);

export const IsNan = predicate('IsNaN', Number.isNaN);

export const IsInf = defineOp({
  type: 'IsInf',
  opset: 'opset10',
  arity: 1,
  attributes: { detect_negative: boolean(true), detect_positive: boolean(true) },
  traits: { elementwise: true },
  infer: ([x]) => [{ type: 'boolean', shape: x!.shape }],
});
