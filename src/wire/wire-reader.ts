/** How the bytes of a protobuf field end. */
export const WireType = {
  Varint: 0,
  Bit64: 1,
  LengthDelimited: 2,
  StartGroup: 3,
  EndGroup: 4,
  Bit32: 5,
} as const;

export type WireType = (typeof WireType)[keyof typeof WireType];

const MAX_VARINT_BYTES = 10;

const MAX_GROUP_DEPTH = 100;

/** Longer strings are decoded faster by `TextDecoder`, shorter ones faster character by character. */
const SHORT_TEXT_BYTES = 48;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads values of the protobuf wire format one after the other, from `pos` on.
 *
 * @throws RangeError if the bytes end too early, and for tags, numbers and groups that are not valid; TypeError if a text is not
 *   UTF-8. `readingBytes` makes them `malformed`, and says what was read.
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #low = 0;
  #high = 0;
  pos = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get len(): number {
    return this.#bytes.byteLength;
  }

  /** Returns a view of the bytes from `start` to before `end`. */
  between(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  tag(): readonly [number: number, wireType: WireType] {
    this.#varint();
    const number = this.#low >>> 3;
    const wireType = this.#low & 7;
    if (this.#high !== 0 || number === 0 || wireType > WireType.Bit32) throw new RangeError('a tag is not valid');
    return [number, wireType as WireType];
  }

  /** @param number of the field, which the end of a group repeats */
  skip(wireType: WireType, number: number, depth = 0): void {
    switch (wireType) {
      case WireType.Varint:
        this.#varint();
        return;
      case WireType.Bit64:
        this.#take(8);
        return;
      case WireType.LengthDelimited:
        this.#take(this.uint32());
        return;
      case WireType.Bit32:
        this.#take(4);
        return;
      case WireType.StartGroup:
        this.#skipGroup(number, depth);
        return;
      case WireType.EndGroup:
        throw new RangeError('a group ends that has not begun');
    }
  }

  uint32(): number {
    this.#varint();
    return this.#low >>> 0;
  }

  int32(): number {
    this.#varint();
    return this.#low;
  }

  /** Rounded beyond 2^53. */
  uint64(): number {
    this.#varint();
    return (this.#high >>> 0) * 2 ** 32 + (this.#low >>> 0);
  }

  /** Rounded beyond 2^53. */
  int64(): number {
    this.#varint();
    return this.#high * 2 ** 32 + (this.#low >>> 0);
  }

  bigint(): bigint {
    this.#varint();
    return (BigInt(this.#high) << 32n) | BigInt(this.#low >>> 0);
  }

  bool(): boolean {
    this.#varint();
    return (this.#low | this.#high) !== 0;
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Returns a view. */
  bytes(): Uint8Array {
    const length = this.uint32();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  string(): string {
    const bytes = this.bytes();
    return (bytes.length <= SHORT_TEXT_BYTES ? asciiText(bytes) : undefined) ?? UTF8.decode(bytes);
  }

  #skipGroup(number: number, depth: number): void {
    if (depth >= MAX_GROUP_DEPTH) throw new RangeError(`groups nest deeper than ${MAX_GROUP_DEPTH}`);
    for (;;) {
      const [inner, wireType] = this.tag();
      if (wireType !== WireType.EndGroup) {
        this.skip(wireType, inner, depth + 1);
      } else if (inner === number) {
        return;
      } else {
        throw new RangeError(`the end of group ${inner} is in group ${number}`);
      }
    }
  }

  /** Reads up to 64 bits, seven in each byte, the lowest first. */
  #varint(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 7 * MAX_VARINT_BYTES; shift += 7) {
      const byte = this.#bytes[this.pos];
      if (byte === undefined) throw endsEarly();
      this.pos++;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift >= 28) high |= shift === 28 ? bits >> 4 : bits << (shift - 32);
      if (byte < 0x80) {
        this.#low = low;
        this.#high = high;
        return;
      }
    }
    throw new RangeError(`a number has more than ${MAX_VARINT_BYTES} bytes`);
  }

  /** Advances, and returns where these bytes start. */
  #take(count: number): number {
    const start = this.pos;
    if (start + count > this.len) throw endsEarly();
    this.pos = start + count;
    return start;
  }
}

const endsEarly = (): RangeError => new RangeError('the bytes end too early');

function asciiText(bytes: Uint8Array): string | undefined {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
