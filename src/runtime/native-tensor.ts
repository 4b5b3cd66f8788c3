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

/** The native tensor over the very memory of `tensor`, which has to stay reachable for as long as native code reads it. */
export function toNative(library: Library, tensor: TensorLike): Pointer {
  const { type, shape, data } = tensor;
  const native: NativeShape = { rank: shape.length, dims: shape };
  if (type === 'string') {
    const strings = unpackStrings(tensor);
    if (strings.some(text => text.includes('\0'))) {
      throw new DecantError('unsupported', "OpenVINO's C interface takes no strings with zero bytes, such as files");
    }
    return library.create('ov_tensor_create_from_string_array', strings, strings.length, native);
  }
  const code = elementCodes(library).codes.get(type)!;
  // Memory of no bytes has no address.
  if (data.length === 0) return library.create('ov_tensor_create', code, native);
  return library.create('ov_tensor_create_from_host_ptr', code, native, addressOf(data));
}

/** A copy of the native tensor behind `port`; the native one is freed. */
export function takeTensor(library: Library, native: Pointer, port: Output): Tensor {
  try {
    const { elementType: type } = port;
    if (type === 'string') {
      throw new DecantError(
        'unsupported',
        `'${port.anyName}' holds strings, which OpenVINO's C interface does not give`,
      );
    }
    const shape = sizesOf(library, native, port);
    const size = new BigUint64Array(1);
    library.call('ov_tensor_get_byte_size', native, size);
    const length = byteLengthOf(type, sizeOf(shape));
    if (Number(size[0]!) !== length) {
      throw new DecantError('internal', `'${port.anyName}' has ${size[0]!} bytes, not the ${length} of its shape`);
    }
    const bytes = length === 0 ? new ArrayBuffer(0) : copyAt(library.create('ov_tensor_data', native), length);
    return new Tensor(type, shape, viewAs(type, new Uint8Array(bytes), sizeOf(shape)));
  } finally {
    library.free('ov_tensor_free', native);
  }
}

/** `ov_shape_t`: the rank, then a pointer to the sizes. */
function sizesOf(library: Library, native: Pointer, port: Output): readonly number[] {
  // Some releases refuse to tell the shape of a scalar; what the model knows need not be asked.
  const known = port.shape.filter(size => size !== undefined);
  if (known.length === port.shape.length) return known;
  const struct = new BigInt64Array(2);
  library.call('ov_tensor_get_shape', native, struct);
  const shape = Array.from(wordsAt(struct[1]!, Number(struct[0]!)), Number);
  library.free('ov_shape_free', struct);
  return shape;
}
