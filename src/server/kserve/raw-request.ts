import { DecantError } from '../../errors.ts';
import type { LoadedModel } from '../models/loaded-model.ts';
import { datatypeOf } from '../../kserve/datatypes.ts';
import type { InferenceRequest } from './inference-request.ts';
import { inputFromBytes } from './tensor-bytes.ts';

/**
 * Returns the request that consists of nothing but the bytes of the only input (Inference-Header-Content-Length: 0): an image
 * file for a detector, otherwise the elements of a tensor of static shape.
 */
export function rawRequest({ compiled, head }: LoadedModel, body: Uint8Array): InferenceRequest {
  const [port, ...others] = compiled.inputs;
  if (port === undefined || others.length > 0) {
    throw new DecantError('invalid-argument', `raw bytes are for models with one input; this has ${others.length + 1}`);
  }
  const request = { id: undefined, outputs: undefined, binary: false };
  if (!(head instanceof DecantError)) {
    return { ...request, inputs: [{ name: port.anyName, datatype: 'BYTES', shape: [1], elements: [body] }] };
  }
  const sizes = port.shape.filter(size => size !== undefined);
  if (sizes.length < port.shape.length) {
    throw new DecantError(
      'invalid-argument',
      `raw bytes do not determine the shape of input '${port.anyName}', which is dynamic`,
    );
  }
  return { ...request, inputs: [inputFromBytes(port.anyName, datatypeOf(port.elementType), sizes, body)] };
}
