import { DecantError } from '../../errors.ts';
import { deferred, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { elementTypeOf, partTypeOf } from '../../tf/data-type.ts';
import type { TfTensor } from '../../tf/model.ts';
import type { Translators, Translator } from '../translator.ts';
import { fromPairs } from './support/complex-numbers.ts';

const identity: Translator = op => op.operand(0);

/** Larger constants are read only when needed, to keep weights out of memory. */
const DEFER_LIMIT = 1 << 14;

function elementsOf(value: TfTensor): Tensor {
  const type = elementTypeOf(value.dtype);
  if (type === undefined || type === 'string' || sizeOf(value.shape) <= DEFER_LIMIT) return value.data();
  return deferred(type, value.shape, () => value.data().data);
}

export const infrastructure: Translators = {
  Const: (op, b) => {
    const value = op.tensor('value');
    const elements = b.constant(elementsOf(value));
    return partTypeOf(value.dtype) === undefined ? elements : fromPairs(b, elements);
  },
  Identity: identity,
  IdentityN: op => op.operands,
  StopGradient: identity,
  PreventGradient: identity,
  Snapshot: identity,
  DeepCopy: identity,
  CheckNumerics: identity,
  CheckNumericsV2: identity,
  EnsureShape: identity,
  PlaceholderWithDefault: identity,
  Placeholder: op => {
    throw new DecantError('internal', `placeholder '${op.node.name}' is not an input of the inference graph`);
  },
};
