import { DecantError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Datatype } from '../../kserve/datatypes.ts';

/** An input tensor; one of BYTES is a list of its elements. */
export type InputTensor = { readonly name: string; readonly shape: readonly number[] } & (
  | { readonly datatype: Exclude<Datatype, 'BYTES'>; readonly tensor: Tensor }
  | { readonly datatype: 'BYTES'; readonly elements: readonly Uint8Array[] }
);

export interface RequestedOutput {
  readonly name: string;
  /** Whether its data follows the JSON as bytes; gRPC ignores it. */
  readonly binary: boolean;
}

/** An inference request of the Open Inference Protocol, by either interface. */
export interface InferenceRequest {
  readonly id: string | undefined;
  readonly inputs: readonly InputTensor[];
  /** All outputs if undefined. */
  readonly outputs: readonly RequestedOutput[] | undefined;
  /** Whether outputs that are not listed are binary. */
  readonly binary: boolean;
}

/** Parameters that would change the meaning of a request. */
const UNSUPPORTED = ['shared_memory_region', 'classification', 'sequence_id', 'sequence_start', 'sequence_end'];

/** @throws DecantError `unsupported` for parameters that must not be ignored */
export function checkParameters(names: readonly string[]): void {
  const found = names.find(name => UNSUPPORTED.includes(name));
  if (found === undefined) return;
  throw new DecantError('unsupported', `this server does not support the parameter '${found}'`, {
    remedy: 'Send the request without it.',
  });
}

/** Far more than any model has. */
const MAX_RANK = 64;

/** The most elements that the sizes of a shape may have. */
const MAX_SIZE = 2 ** 31 - 1;

/** @throws DecantError `invalid-argument` unless all sizes are whole numbers from 0, with a product in range */
export function checkShape(name: string, shape: readonly unknown[]): readonly number[] {
  if (shape.length > MAX_RANK) {
    throw new DecantError(
      'invalid-argument',
      `the shape of input '${name}' has ${shape.length} sizes, the maximum is ${MAX_RANK}`,
    );
  }
  const sizes = shape.filter(size => typeof size === 'number' && Number.isInteger(size) && size >= 0) as number[];
  const count = sizes.reduce((product, size) => product * size, 1);
  if (sizes.length === shape.length && count <= MAX_SIZE && sizes.every(size => size <= MAX_SIZE)) return sizes;
  throw new DecantError(
    'invalid-argument',
    `the shape of input '${name}' must be whole numbers from 0, and not larger`,
  );
}
