import { DecantError } from '../../errors.ts';
import { byteLengthOf } from '../../tensor/element-type.ts';
import { sizeOf, tensorFromBytes } from '../../tensor/tensor.ts';
import { type Datatype, elementTypeOf } from '../../kserve/datatypes.ts';
import type { InputTensor } from './inference-request.ts';

/**
 * Reads an input from the bytes of its elements, little-endian in row-major order. Each element of BYTES is preceded by its
 * length as u32.
 *
 * @throws DecantError `invalid-argument` if the number of bytes is not that of the shape
 */
export function inputFromBytes(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  bytes: Uint8Array,
): InputTensor {
  if (datatype === 'BYTES') return { name, datatype, shape, elements: elementsIn(name, bytes, sizeOf(shape)) };
  const type = elementTypeOf(datatype);
  const length = byteLengthOf(type, sizeOf(shape));
  if (bytes.byteLength !== length) {
    throw new DecantError(
      'invalid-argument',
      `input '${name}' ${datatype}[${shape.join(',')}] must have ${length} bytes, got ${bytes.byteLength}`,
    );
  }
  if (datatype === 'BOOL' && bytes.some(byte => byte > 1)) {
    throw new DecantError('invalid-argument', `the elements of input '${name}' must be 0 or 1, because they are BOOL`);
  }
  return { name, datatype, shape, tensor: tensorFromBytes(type, shape, bytes) };
}

function elementsIn(name: string, bytes: Uint8Array, count: number): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.byteLength && elements.length < count) {
    const length = at + 4 <= bytes.byteLength ? view.getUint32(at, true) : Infinity;
    if (at + 4 + length > bytes.byteLength) break;
    elements.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (elements.length === count && at === bytes.byteLength) return elements;
  throw new DecantError(
    'invalid-argument',
    `the bytes of input '${name}' are not ${count} elements of BYTES, each after its length`,
  );
}
