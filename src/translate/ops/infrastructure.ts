import { DecantError } from '../../errors.ts';
import { deferred, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { elementTypeOf } from '../../tf/data-type.ts';
import type { TfTensor } from '../../tf/model.ts';
import type { Translators, Translator } from '../translator.ts';

const same: Translator = op => op.operand(0);

/** More elements than this are weights, which are read when they are written, and not kept meanwhile. */
const WEIGHTS = 1 << 14;

function elementsOf(value: TfTensor): Tensor {
  const type = elementTypeOf(value.dtype);
  if (type === undefined || type === 'string' || sizeOf(value.shape) <= WEIGHTS) return value.data();
  return deferred(type, value.shape, () => value.data().data);
}

export const infrastructure: Translators = {
  Const: (op, b) => b.constant(elementsOf(op.tensor('value'))),
  Identity: same,
  IdentityN: op => op.operands,
  StopGradient: same,
  PreventGradient: same,
  Snapshot: same,
  DeepCopy: same,
  CheckNumerics: same,
  CheckNumericsV2: same,
  EnsureShape: same,
  /** A placeholder that nobody feeds has its default. */
  PlaceholderWithDefault: same,
  Placeholder: op => {
    throw new DecantError('internal', `placeholder '${op.node.name}' is no input of the closed graph`);
  },
};
