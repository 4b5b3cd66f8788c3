import { DecantError } from '../errors.ts';

/** A value of a flexbuffer; vectors, and what is inside of them, are left out. */
export type FlexValue = number | boolean | string;

/** The types of values that are read, by number. */
const INT = 1;
const UINT = 2;
const FLOAT = 3;
const KEY = 4;
const STRING = 5;
const INDIRECT_INT = 6;
const INDIRECT_UINT = 7;
const INDIRECT_FLOAT = 8;
const MAP = 9;
const VECTOR = 10;
const BLOB = 25;
const BOOL = 26;

/** Options of an op; the largest have a dozen. */
const MAX_ENTRIES = 1000;

const decoder = new TextDecoder();

/**
 * Decodes a flexbuffer, the options of TensorFlow Lite's custom ops, whose root is a map of numbers, booleans and strings.
 *
 * @throws DecantError `malformed` if it is not a map, or runs past its end
 */
export function decodeFlexbuffer(content: Uint8Array): ReadonlyMap<string, FlexValue> {
  const { reader, type, at, width } = rootOf(content);
  if (type !== MAP) throw new DecantError('malformed', 'the options are not a flexbuffer with a map');
  return reader.map(at, width);
}

/**
 * Decodes a flexbuffer whose root is a vector of strings or bytes, the options of an op of TensorFlow in a TensorFlow Lite model.
 *
 * @throws DecantError `malformed` if it is not a vector of these, or runs past its end
 */
export function decodeFlexVector(content: Uint8Array): readonly Uint8Array[] {
  const { reader, type, at, width } = rootOf(content);
  if (type !== VECTOR) throw new DecantError('malformed', 'the options are not a flexbuffer with a vector');
  return reader.vector(at, width);
}

function rootOf(content: Uint8Array): { reader: Reader; type: number; at: number; width: number } {
  const size = content.byteLength;
  const reader = new Reader(content);
  if (size < 3) return { reader, type: 0, at: 0, width: 1 };
  const packed = reader.uint(size - 2, 1);
  const offsetWidth = reader.uint(size - 1, 1);
  const root = size - 2 - offsetWidth;
  return { reader, type: packed >> 2, at: root - reader.uint(root, offsetWidth), width: 1 << (packed & 3) };
}

class Reader {
  readonly #content: Uint8Array;
  readonly #view: DataView;

  constructor(content: Uint8Array) {
    this.#content = content;
    this.#view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  }

  /** Before the values are the offset of the keys, the width of the keys' offsets, and the number of both. */
  map(at: number, width: number): ReadonlyMap<string, FlexValue> {
    const count = this.#count(at, width);
    const keys = at - 3 * width - this.uint(at - 3 * width, width);
    const keyWidth = this.uint(at - 2 * width, width);
    const values = new Map<string, FlexValue>();
    for (let i = 0; i < count; i++) {
      const keyAt = keys + i * keyWidth;
      const value = this.#value(at + i * width, width, this.uint(at + count * width + i, 1));
      if (value !== undefined) values.set(this.#key(keyAt - this.uint(keyAt, keyWidth)), value);
    }
    return values;
  }

  vector(at: number, width: number): readonly Uint8Array[] {
    const count = this.#count(at, width);
    return Array.from({ length: count }, (_, i) => {
      const packed = this.uint(at + count * width + i, 1);
      const type = packed >> 2;
      if (type !== STRING && type !== BLOB) throw new DecantError('malformed', 'a flexbuffer holds no string');
      const element = at + i * width;
      return this.#bytes(element - this.uint(element, width), 1 << (packed & 3));
    });
  }

  #count(at: number, width: number): number {
    const count = this.uint(at - width, width);
    if (count > MAX_ENTRIES) throw new DecantError('limit', `a flexbuffer has ${count} entries`);
    return count;
  }

  /** Bytes behind their length. */
  #bytes(start: number, width: number): Uint8Array {
    const end = start + this.uint(start - width, width);
    this.#check(start, end - start);
    return this.#content.subarray(start, end);
  }

  #value(at: number, width: number, packed: number): FlexValue | undefined {
    const type = packed >> 2;
    const ownWidth = 1 << (packed & 3);
    const target = (): number => at - this.uint(at, width);
    switch (type) {
      case INT:
        return this.#int(at, width);
      case UINT:
        return this.uint(at, width);
      case FLOAT:
        return this.#float(at, width);
      case BOOL:
        return this.uint(at, width) !== 0;
      case KEY:
        return this.#key(target());
      case STRING:
        return decoder.decode(this.#bytes(target(), ownWidth));
      case INDIRECT_INT:
        return this.#int(target(), ownWidth);
      case INDIRECT_UINT:
        return this.uint(target(), ownWidth);
      case INDIRECT_FLOAT:
        return this.#float(target(), ownWidth);
      default:
        return undefined;
    }
  }

  uint(at: number, width: number): number {
    this.#check(at, width);
    if (width === 8) return Number(this.#view.getBigUint64(at, true));
    if (width === 4) return this.#view.getUint32(at, true);
    return width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint8(at);
  }

  #int(at: number, width: number): number {
    this.#check(at, width);
    if (width === 8) return Number(this.#view.getBigInt64(at, true));
    if (width === 4) return this.#view.getInt32(at, true);
    return width === 2 ? this.#view.getInt16(at, true) : this.#view.getInt8(at);
  }

  #float(at: number, width: number): number {
    this.#check(at, width);
    if (width === 8) return this.#view.getFloat64(at, true);
    if (width === 4) return this.#view.getFloat32(at, true);
    throw new DecantError('malformed', `a flexbuffer has a number of ${width} bytes`);
  }

  #key(start: number): string {
    const end = this.#content.indexOf(0, Math.max(start, 0));
    return this.#text(start, end);
  }

  #text(start: number, end: number): string {
    this.#check(start, end - start);
    return decoder.decode(this.#content.subarray(start, end));
  }

  #check(at: number, length: number): void {
    const isInside = at >= 0 && length >= 0 && at + length <= this.#content.byteLength;
    if (!isInside) throw new DecantError('malformed', 'the options, a flexbuffer, run past their end');
  }
}
