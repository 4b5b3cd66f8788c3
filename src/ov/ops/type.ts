import { isInteger, isReal } from '../../tensor/element-type.ts';
import { boolean, elementType } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { mapTensor, zipTensors } from './support/evaluate.ts';

/**
 * Another element type. Reals become integers by truncation, as TensorFlow casts. `decompression` marks weights that
 * are stored smaller than they are used: OpenVINO then keeps them small as long as it can, and so does this builder.
 */
export const Convert = defineOp({
  type: 'Convert',
  opset: 'opset1',
  attributes: { destination_type: elementType(), decompression: boolean(false) },
  infer: ([x], { destination_type }) => [{ type: destination_type, shape: x!.shape }],
  evaluate: ([x], _attrs, [out]) => [
    mapTensor(x!, out!, isReal(x!.type) && isInteger(out!.type) ? Math.trunc : v => v),
  ],
  evaluates: (_inputs, { decompression }) => !decompression,
  partialValue: ([x], _attrs, { type }) => (isInteger(type) && x!.type !== 'f32' ? x!.partialValue : undefined),
});

/** `input` with the type of `like`. */
export const ConvertLike = defineOp({
  type: 'ConvertLike',
  opset: 'opset1',
  attributes: {},
  infer: ([x, like]) => [{ type: like!.type, shape: x!.shape }],
  evaluate: ([x, like], _attrs, [out]) => [zipTensors(x!, like!, out!, v => v)],
});
