import { defineOp } from '../op.ts';
import { mapTensor } from './support/evaluate.ts';
import { sameAs } from './support/infer.ts';
import { logical } from './support/elementwise.ts';

export const LogicalAnd = logical('LogicalAnd', (x, y) => x !== 0 && y !== 0);

export const LogicalOr = logical('LogicalOr', (x, y) => x !== 0 || y !== 0);

export const LogicalXor = logical('LogicalXor', (x, y) => (x !== 0) !== (y !== 0));

export const LogicalNot = defineOp({
  type: 'LogicalNot',
  opset: 'opset1',
  arity: 1,
  attributes: {},
  traits: { elementwise: true },
  infer: sameAs(0),
  evaluate: ([x], _attrs, [out]) => [mapTensor(x!, out!, v => (v === 0 ? 1 : 0))],
});
