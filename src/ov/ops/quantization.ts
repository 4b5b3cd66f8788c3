import { number, text } from '../attributes.ts';
import { defineOp } from '../op.ts';

export const FakeQuantize = defineOp({
  type: 'FakeQuantize',
  opset: 'opset1',
  arity: 5,
  attributes: { levels: number(), auto_broadcast: text('numpy') },
  traits: { elementwise: true, broadcast: 'first' },
  infer: ([x]) => [{ type: x!.type, shape: x!.shape }],
});
