import { boolean, number, word } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { sameAs } from './support/infer.ts';

export const MVN = defineOp({
  type: 'MVN',
  opset: 'opset6',
  arity: 2,
  attributes: { eps: number(), normalize_variance: boolean(), eps_mode: word(['INSIDE_SQRT', 'OUTSIDE_SQRT'])() },
  infer: ([x]) => [{ type: x!.type, shape: x!.shape }],
});

export const LRN = defineOp({
  type: 'LRN',
  opset: 'opset1',
  arity: 2,
  attributes: { alpha: number(), beta: number(), bias: number(), size: number() },
  infer: sameAs(0),
});
