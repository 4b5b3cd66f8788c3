import { DecantError } from '../../errors.ts';
import { elementType, shape } from '../attributes.ts';
import { defineOp } from '../op.ts';

export const Parameter = defineOp({
  type: 'Parameter',
  opset: 'opset1',
  arity: 0,
  attributes: { shape: shape(), element_type: elementType() },
  infer: (_inputs, { element_type, shape }) => [{ type: element_type, shape }],
});

export const Constant = defineOp({
  type: 'Const',
  opset: 'opset1',
  arity: 0,
  attributes: {},
  infer: () => {
    throw new DecantError('internal', 'constants are created with Builder.constant');
  },
});
