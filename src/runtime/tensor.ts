import { checkArgument, listOf, number, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { allocate, type ElementType, isElementType, storageLength, type TypedArray } from '../tensor/element-type.ts';
import { sizeOf, type Tensor as TensorLike } from '../tensor/tensor.ts';

/**
 * An n-dimensional array in row-major order: a `u8` tensor of shape `[1,2,2,3]` has a Uint8Array of 12 elements.
 *
 * @example
 * ```ts
 * import { Tensor } from 'decant';
 *
 * const tensor = new Tensor('f32', [1, 2], new Float32Array([0.5, 1]));
 * console.log(tensor.shape, tensor.data);
 * ```
 */
export class Tensor implements TensorLike {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: TypedArray;

  /**
   * @param data elements, stored as `TypedArray` describes for each type; zeros by default. It is not copied: do not change it
   * or transfer its buffer during an inference
   * @throws DecantError `invalid-argument` if data, type and shape do not match, `limit` if memory does not suffice
   */
  constructor(type: ElementType, shape: readonly number[], data?: TypedArray) {
    checkArgument(type, 'the type', text);
    if (!isElementType(type)) throw new DecantError('invalid-argument', `'${String(type)}' is not an element type`);
    checkArgument(shape, 'the shape', listOf(number));
    if (!shape.every(size => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(sizeOf(shape))) {
      throw new DecantError('invalid-argument', `[${shape.join(',')}] is not a valid tensor shape`);
    }
    this.type = type;
    this.shape = [...shape];
    this.data = data ?? zeros(type, shape);
    checkStorage(this);
  }
}

/** Also checked before each inference, because the buffer may have been transferred since. */
export function checkStorage({ type, shape, data }: TensorLike): void {
  const text = `${type}[${shape.join(',')}]`;
  const storage = allocate(type === 'string' ? 'u8' : type, 0)[Symbol.toStringTag];
  // Unlike `instanceof`, the tag also works for arrays of other realms.
  const given = ArrayBuffer.isView(data) ? data[Symbol.toStringTag] : typeof data;
  if (given !== storage) {
    throw new DecantError('invalid-argument', `the data of tensor ${text} must be a ${storage}, got ${given}`);
  }
  if (type === 'string') return;
  const length = storageLength(type, sizeOf(shape));
  if (data.length !== length) {
    throw new DecantError(
      'invalid-argument',
      `the data of tensor ${text} must have ${length} elements, got ${data.length}`,
    );
  }
}

function zeros(type: ElementType, shape: readonly number[]): TypedArray {
  if (type === 'string') throw new DecantError('invalid-argument', 'a string tensor needs data');
  try {
    return allocate(type, sizeOf(shape));
  } catch (cause) {
    throw new DecantError('limit', `not enough memory for tensor ${type}[${shape.join(',')}]`, { cause });
  }
}
