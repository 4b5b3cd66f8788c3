import { DecantError } from '../errors.ts';
import { allocate, type ElementType, isElementType, storageLength, type TypedArray, viewAs } from './element-type.ts';
import { fromBfloat16, halvesToFloats, toBfloat16, toHalf } from './float16.ts';

/** Elements in row-major order. `data` may be a view. */
export interface Tensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

export function tensor(type: ElementType, shape: readonly number[], data: TypedArray): Tensor {
  if (type !== 'string' && data.length !== storageLength(type, sizeOf(shape))) {
    throw new DecantError('internal', `${data.length} items do not match ${type}[${shape.join(',')}]`);
  }
  return { type, shape, data };
}

/** Computations that reading each deferred tensor takes. */
const steps = new WeakMap<Tensor, number>();

/**
 * Computes its elements on each access to `data`, and does not keep them: weights pass several steps from file to IR, and
 * only one of them has to be in memory at a time. Read `data` once per use. `inputs` are the tensors that `compute` reads.
 */
export function deferred(
  type: ElementType,
  shape: readonly number[],
  compute: () => TypedArray,
  inputs: readonly Tensor[] = [],
): Tensor {
  const tensor = {
    type,
    shape,
    get data() {
      return compute();
    },
  };
  steps.set(tensor, 1 + stepsOf(inputs));
  return tensor;
}

/** Computations that reading the tensors takes. A tensor that several others read is computed for each of them. */
export const stepsOf = (tensors: readonly Tensor[]): number =>
  tensors.reduce((sum, tensor) => sum + (steps.get(tensor) ?? 0), 0);

export const isDeferred = (tensor: Tensor): boolean =>
  Object.getOwnPropertyDescriptor(tensor, 'data')?.get !== undefined;

/** Converts numbers to `type`: floats round, integers truncate and wrap, 64-bit integers saturate. */
export function tensorOf(type: ElementType, shape: readonly number[], numbers: ArrayLike<number>): Tensor {
  const data = allocate(type, sizeOf(shape));
  if (type === 'f16' || type === 'bf16') {
    const encode = type === 'f16' ? toHalf : toBfloat16;
    for (let i = 0; i < numbers.length; i++) data[i] = encode(numbers[i]!);
  } else if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const isSigned = data instanceof BigInt64Array;
    const low = isSigned ? -(2n ** 63n) : 0n;
    const high = isSigned ? 2n ** 63n - 1n : 2n ** 64n - 1n;
    for (let i = 0; i < numbers.length; i++) data[i] = saturate(numbers[i]!, low, high);
  } else if (type === 'boolean') {
    for (let i = 0; i < numbers.length; i++) data[i] = numbers[i] === 0 ? 0 : 1;
  } else {
    data.set(numbers);
  }
  return tensor(type, shape, data);
}

export const scalar = (type: ElementType, value: number): Tensor => tensorOf(type, [], [value]);
export const vector = (type: ElementType, values: readonly number[]): Tensor => tensorOf(type, [values.length], values);

/** Returns the elements as numbers: `data` itself if possible, a copy for f16, bf16 and 64-bit integers (nearest number). */
export function numbersOf({ type, data }: Tensor): Float64Array | Exclude<TypedArray, BigInt64Array | BigUint64Array> {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) numbers[i] = Number(data[i]);
    return numbers;
  }
  if (type === 'f16') return halvesToFloats(data as Uint16Array);
  if (type === 'bf16') return Float32Array.from(data, fromBfloat16);
  if (type === 'i4' || type === 'u4' || type === 'u1' || type === 'string') {
    throw new DecantError('malformed', `elements of type ${type} cannot be read as numbers`);
  }
  return data;
}

export const bytesOf = ({ data }: Tensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

export const tensorFromBytes = (type: ElementType, shape: readonly number[], bytes: Uint8Array): Tensor =>
  tensor(type, shape, viewAs(type, bytes, sizeOf(shape)));

export function elementType(name: string): ElementType {
  if (!isElementType(name)) throw new DecantError('malformed', `'${name}' is not an OpenVINO element type`);
  return name;
}

function saturate(value: number, low: bigint, high: bigint): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= Number(high)) return high;
  if (value <= Number(low)) return low;
  return BigInt(Math.trunc(value));
}
