import { DecantError } from '../errors.ts';

/** Element types by their OpenVINO names. */
export type ElementType =
  | 'f64'
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'i64'
  | 'i32'
  | 'i16'
  | 'i8'
  | 'i4'
  | 'u64'
  | 'u32'
  | 'u16'
  | 'u8'
  | 'u4'
  | 'u1'
  | 'boolean'
  | 'string';

/**
 * Tensor storage. `f16` and `bf16` are bits in a Uint16Array, `boolean` is one byte each, `i4`, `u4` and `u1` are packed
 * like in OpenVINO, and `string` is described at `packStrings`.
 */
export type TypedArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

type ArrayConstructor = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => TypedArray;

interface ElementTraits {
  /** Bits per element; 0 if variable. */
  readonly bits: number;
  readonly array: ArrayConstructor;
  readonly kind: 'real' | 'signed' | 'unsigned' | 'boolean' | 'string';
}

const TRAITS: Readonly<Record<ElementType, ElementTraits>> = {
  f64: { bits: 64, array: Float64Array, kind: 'real' },
  f32: { bits: 32, array: Float32Array, kind: 'real' },
  f16: { bits: 16, array: Uint16Array, kind: 'real' },
  bf16: { bits: 16, array: Uint16Array, kind: 'real' },
  i64: { bits: 64, array: BigInt64Array, kind: 'signed' },
  i32: { bits: 32, array: Int32Array, kind: 'signed' },
  i16: { bits: 16, array: Int16Array, kind: 'signed' },
  i8: { bits: 8, array: Int8Array, kind: 'signed' },
  i4: { bits: 4, array: Uint8Array, kind: 'signed' },
  u64: { bits: 64, array: BigUint64Array, kind: 'unsigned' },
  u32: { bits: 32, array: Uint32Array, kind: 'unsigned' },
  u16: { bits: 16, array: Uint16Array, kind: 'unsigned' },
  u8: { bits: 8, array: Uint8Array, kind: 'unsigned' },
  u4: { bits: 4, array: Uint8Array, kind: 'unsigned' },
  u1: { bits: 1, array: Uint8Array, kind: 'unsigned' },
  boolean: { bits: 8, array: Uint8Array, kind: 'boolean' },
  string: { bits: 0, array: Uint8Array, kind: 'string' },
};

export const ELEMENT_TYPES = Object.keys(TRAITS) as readonly ElementType[];

export const isElementType = (name: string): name is ElementType => Object.hasOwn(TRAITS, name);

export const isReal = (type: ElementType): boolean => TRAITS[type].kind === 'real';
export const isSigned = (type: ElementType): boolean => TRAITS[type].kind === 'real' || TRAITS[type].kind === 'signed';
export const isInteger = (type: ElementType): boolean =>
  TRAITS[type].kind === 'signed' || TRAITS[type].kind === 'unsigned';

/** The largest numbers of the types of reals. */
export const LARGEST_REAL: Readonly<Partial<Record<ElementType, number>> & Record<'f32', number>> = {
  f64: Number.MAX_VALUE,
  f32: 3.4028234663852886e38,
  bf16: 3.3895313892515355e38,
  f16: 65504,
};

export const bitsOf = (type: ElementType): number => TRAITS[type].bits;

export function byteLengthOf(type: ElementType, count: number): number {
  if (type === 'string') throw new DecantError('internal', 'string tensors have no fixed size per element');
  return Math.ceil((count * TRAITS[type].bits) / 8);
}

export const storageLength = (type: ElementType, count: number): number =>
  TRAITS[type].bits >= 8 ? count : byteLengthOf(type, count);

export function allocate(type: ElementType, count: number): TypedArray {
  return new TRAITS[type].array(new ArrayBuffer(byteLengthOf(type, count)), 0, storageLength(type, count));
}

/** Views little-endian `bytes` as elements; copies if unaligned. Ignores excess bytes. */
export function viewAs(type: ElementType, bytes: Uint8Array, count: number): TypedArray {
  const size = type === 'string' ? bytes.byteLength : byteLengthOf(type, count);
  if (bytes.byteLength < size) {
    throw new DecantError(
      'malformed',
      `${count} elements of type ${type} need ${size} bytes, found ${bytes.byteLength}`,
    );
  }
  const length = type === 'string' ? size : storageLength(type, count);
  const width = Math.max(1, TRAITS[type].bits >> 3);
  if (bytes.byteOffset % width === 0) return new TRAITS[type].array(bytes.buffer, bytes.byteOffset, length);
  // Not `slice`, which does not copy if `bytes` is a Buffer.
  return new TRAITS[type].array(new Uint8Array(bytes.subarray(0, size)).buffer, 0, length);
}
