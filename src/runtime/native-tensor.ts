import { DecantError } from '../errors.ts';
import { byteLengthOf, viewAs } from '../tensor/element-type.ts';
import { unpackStrings } from '../tensor/strings.ts';
import { sizeOf, type Tensor as TensorLike } from '../tensor/tensor.ts';
import { elementCodes } from './element-codes.ts';
import type { Library } from './library.ts';
import type { NativeShape, Pointer } from './argument.ts';
import { addressOf, copyAt, wordsAt } from './memory.ts';
import type { Output } from './output.ts';
import { Tensor } from './tensor.ts';

/** Creates a native tensor that shares the memory of `tensor`, which must stay reachable while native code reads it. */
export function toNative(library: Library, tensor: TensorLike): Pointer {
  const { type, shape, data } = tensor;
  const native: NativeShape = { rank: shape.length, dims: shape };
  if (type === 'string') {
    const strings = unpackStrings(tensor);
    if (strings.some(text => text.includes('\0'))) {
      throw new DecantError(
        'unsupported',
        "OpenVINO's C API does not support strings with zero bytes, such as file contents",
        { remedy: 'Convert the model without its file decoding, and feed it decoded numbers.' },
      );
    }
    return library.create('ov_tensor_create_from_string_array', strings, strings.length, native);
  }
  const code = elementCodes(library).codes.get(type)!;
  // An empty buffer has no address.
  if (data.length === 0) return library.create('ov_tensor_create', code, native);
  return library.create('ov_tensor_create_from_host_ptr', code, native, addressOf(data));
}

export function takeTensor(library: Library, native: Pointer, port: Output): Tensor {
  try {
    const { elementType: type } = port;
    if (type === 'string') {
      throw new DecantError(
        'unsupported',
        `output '${port.anyName}' contains strings, which OpenVINO's C API cannot return`,
        { remedy: 'Convert the model with outputs of numbers only (--output).' },
      );
    }
    const shape = sizesOf(library, native, port);
    const size = new BigUint64Array(1);
    library.call('ov_tensor_get_byte_size', native, size);
    const length = byteLengthOf(type, sizeOf(shape));
    if (Number(size[0]!) !== length) {
      throw new DecantError('internal', `'${port.anyName}' has ${size[0]!} bytes, but its shape requires ${length}`);
    }
    const bytes = length === 0 ? new ArrayBuffer(0) : copyAt(library.create('ov_tensor_data', native), length);
    return new Tensor(type, shape, viewAs(type, new Uint8Array(bytes), sizeOf(shape)));
  } finally {
    library.free('ov_tensor_free', native);
  }
}

function sizesOf(library: Library, native: Pointer, port: Output): readonly number[] {
  // Some releases fail to return the shape of a scalar, so only dynamic shapes are queried.
  const known = port.shape.filter(size => size !== undefined);
  if (known.length === port.shape.length) return known;
  // `ov_shape_t`: rank, pointer to the sizes.
  const struct = new BigInt64Array(2);
  library.call('ov_tensor_get_shape', native, struct);
  const shape = Array.from(wordsAt(struct[1]!, Number(struct[0]!)), Number);
  library.free('ov_shape_free', struct);
  return shape;
}
