import { DecantError } from '../errors.ts';
import { allocate, type ElementType, isElementType, storageLength, type TypedArray } from '../tensor/element-type.ts';
import { sizeOf, type Tensor as TensorLike } from '../tensor/tensor.ts';

/** A block of elements in row-major order: a `u8` tensor of shape `[1,2,2,3]` holds a Uint8Array of 12 items. */
export class Tensor implements TensorLike {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: TypedArray;

  /**
   * A tensor over `data`, stored as `TypedArray` says for each type, and not copied: do not change it or transfer its
   * buffer while an inference reads it. Without data the tensor is zeros.
   *
   * @throws DecantError `invalid-argument` when data, type and shape do not agree; `limit` for more than memory holds
   */
  constructor(type: ElementType, shape: readonly number[], data?: TypedArray) {
    if (!isElementType(type)) throw new DecantError('invalid-argument', `'${String(type)}' is not an element type`);
    if (!shape.every(size => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(sizeOf(shape))) {
      throw new DecantError('invalid-argument', `[${shape.join(',')}] is not the shape of a tensor`);
    }
    this.type = type;
    this.shape = [...shape];
    this.data = data ?? zeros(type, shape);
    checkStorage(this);
  }
}

/** @throws DecantError `invalid-argument` when the data does not fit, or no longer: a transferred buffer is empty */
export function checkStorage({ type, shape, data }: TensorLike): void {
  const text = `${type}[${shape.join(',')}]`;
  const storage = allocate(type === 'string' ? 'u8' : type, 0)[Symbol.toStringTag];
  // The tag, unlike `instanceof`, also knows the arrays of other realms.
  const given = ArrayBuffer.isView(data) ? data[Symbol.toStringTag] : typeof data;
  if (given !== storage) {
    throw new DecantError('invalid-argument', `a tensor ${text} is stored in a ${storage}, not in ${given}`);
  }
  if (type === 'string') return;
  const length = storageLength(type, sizeOf(shape));
  if (data.length !== length) {
    throw new DecantError('invalid-argument', `a tensor ${text} has ${length} items, not ${data.length}`);
  }
}

function zeros(type: ElementType, shape: readonly number[]): TypedArray {
  if (type === 'string') throw new DecantError('invalid-argument', 'a string tensor needs its strings');
  try {
    return allocate(type, sizeOf(shape));
  } catch (cause) {
    throw new DecantError('limit', `there is no memory for ${type}[${shape.join(',')}]`, { cause });
  }
}
