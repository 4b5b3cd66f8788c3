import { isInteger, isReal } from '../../tensor/element-type.ts';
import { boolean, elementType } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { mapTensor, zipTensors } from './support/evaluate.ts';

/**
 * Converts the element type. Reals are truncated to integers, as in TensorFlow. `decompression` marks compressed weights:
 * neither OpenVINO nor constant folding expands them.
 */
export const Convert = defineOp({
  type: 'Convert',
  opset: 'opset1',
  arity: 1,
  attributes: { destination_type: elementType(), decompression: boolean(false) },
  traits: { elementwise: true },
  infer: ([x], { destination_type }) => [{ type: destination_type, shape: x!.shape }],
  evaluate: ([x], _attrs, [out]) => [
    mapTensor(x!, out!, isReal(x!.type) && isInteger(out!.type) ? Math.trunc : v => v),
  ],
  canEvaluate: (_inputs, { decompression }) => !decompression,
  partialValue: ([x], _attrs, { type }) => (isInteger(type) && x!.type !== 'f32' ? x!.partialValue : undefined),
});

export const ConvertLike = defineOp({
  type: 'ConvertLike',
  opset: 'opset1',
  arity: 2,
  attributes: {},
  traits: { elementwise: true },
  infer: ([x, like]) => [{ type: like!.type, shape: x!.shape }],
  evaluate: ([x, like], _attrs, [out]) => [zipTensors(x!, like!, out!, v => v)],
});
