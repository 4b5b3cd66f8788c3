import { DecantError } from '../errors.ts';
import { allocate, type ElementType, isElementType, storageLength, type TypedArray, viewAs } from './element-type.ts';
import { fromBfloat16, halvesToFloats, toBfloat16, toHalf } from './float16.ts';

/** A block of elements in row-major order. `data` is a view and never copied by whoever passes the tensor on. */
export interface Tensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** A tensor over `data`. @throws DecantError `internal` when the length does not fit the shape */
export function tensor(type: ElementType, shape: readonly number[], data: TypedArray): Tensor {
  if (type !== 'string' && data.length !== storageLength(type, sizeOf(shape))) {
    throw new DecantError('internal', `${data.length} items do not fill ${type}[${shape.join(',')}]`);
  }
  return { type, shape, data };
}

const DEFERRED = new WeakSet<Tensor>();

/**
 * A tensor whose elements are computed each time they are looked at, and never kept: the way of weights from a file to an
 * IR has several steps, and memory for one of them at a time is enough. Whoever needs the elements takes `data` once.
 */
export function deferred(type: ElementType, shape: readonly number[], compute: () => TypedArray): Tensor {
  const tensor: Tensor = {
    type,
    shape,
    get data() {
      return compute();
    },
  };
  DEFERRED.add(tensor);
  return tensor;
}

/** Whether looking at the elements costs a computation. */
export const isDeferred = (tensor: Tensor): boolean => DEFERRED.has(tensor);

/** A tensor of `numbers`, rounded or wrapped into `type` as that type stores them (64-bit types saturate). */
export function tensorOf(type: ElementType, shape: readonly number[], numbers: ArrayLike<number>): Tensor {
  const data = allocate(type, sizeOf(shape));
  if (type === 'f16' || type === 'bf16') {
    const encode = type === 'f16' ? toHalf : toBfloat16;
    for (let i = 0; i < numbers.length; i++) data[i] = encode(numbers[i]!);
  } else if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const [low, high] = data instanceof BigInt64Array ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
    for (let i = 0; i < numbers.length; i++) data[i] = saturate(numbers[i]!, low, high);
  } else if (type === 'boolean') {
    for (let i = 0; i < numbers.length; i++) data[i] = numbers[i] === 0 ? 0 : 1;
  } else {
    // Fractions are cut and excess bits dropped by the array itself, as C does it.
    data.set(numbers);
  }
  return tensor(type, shape, data);
}

export const scalar = (type: ElementType, value: number): Tensor => tensorOf(type, [], [value]);
export const vector = (type: ElementType, values: readonly number[]): Tensor => tensorOf(type, [values.length], values);

/**
 * The elements as numbers: the data itself where JavaScript reads numbers from it, a decoded copy for f16, bf16 and
 * 64-bit integers (beyond 2^53 the nearest number).
 */
export function numbersOf({ type, data }: Tensor): Float64Array | Exclude<TypedArray, BigInt64Array | BigUint64Array> {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) numbers[i] = Number(data[i]);
    return numbers;
  }
  if (type === 'f16') return halvesToFloats(data as Uint16Array);
  if (type === 'bf16') return Float32Array.from(data, fromBfloat16);
  if (type === 'i4' || type === 'u4' || type === 'u1' || type === 'string') {
    throw new DecantError('internal', `elements of type ${type} are not read as numbers`);
  }
  return data;
}

/** The bytes of a tensor's elements, as a view. */
export const bytesOf = ({ data }: Tensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A tensor over little-endian `bytes`; a view where they are aligned. */
export const tensorFromBytes = (type: ElementType, shape: readonly number[], bytes: Uint8Array): Tensor =>
  tensor(type, shape, viewAs(type, bytes, sizeOf(shape)));

/** @throws DecantError `malformed` when OpenVINO has no such type */
export function elementType(name: string): ElementType {
  if (!isElementType(name)) throw new DecantError('malformed', `'${name}' is not an element type of OpenVINO`);
  return name;
}

function saturate(value: number, low: bigint, high: bigint): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= Number(high)) return high;
  if (value <= Number(low)) return low;
  return BigInt(Math.trunc(value));
}
