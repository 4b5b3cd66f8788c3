import { byteLengthOf, type ElementType } from '../../tensor/element-type.ts';
import { bytesOf, isDeferred, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import type { BinPart } from './ir.ts';

/** Where a constant stands in the `.bin` file. */
interface Place {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Weights of at least this size start on a multiple of it, which is what OpenVINO's memory mapping and SIMD like best. */
const ALIGNMENT = 64;
const SMALL_ALIGNMENT = 8;

/** Samples that decide whether two blobs are worth comparing. */
const SAMPLES = 64;

/** A part of a `.bin` file, and its size. */
export interface Blob {
  readonly offset: number;
  readonly size: number;
}

/** Collects constants into one `.bin`: equal bytes stand there once, and nothing is copied. */
export class Weights {
  readonly parts: BinPart[] = [];
  /** How many bytes of the file are elements of each type. */
  readonly bytesByType = new Map<ElementType, number>();
  private length = 0;
  private readonly places = new Map<string, Place[]>();
  private readonly deferred = new Map<Tensor, Blob>();

  /** Where a constant's elements stand in the file. Those that are not computed yet are compared by who they are. */
  place(constant: Tensor): Blob {
    if (!isDeferred(constant)) {
      const bytes = bytesOf(constant);
      return { offset: this.placeBytes(bytes, constant.type), size: bytes.byteLength };
    }
    const known = this.deferred.get(constant);
    if (known !== undefined) return known;
    const size = byteLengthOf(constant.type, sizeOf(constant.shape));
    const blob = { offset: this.append({ byteLength: size, bytes: () => bytesOf(constant) }, constant.type), size };
    this.deferred.set(constant, blob);
    return blob;
  }

  private placeBytes(bytes: Uint8Array, type: ElementType): number {
    const key = fingerprint(bytes);
    const alike = this.places.get(key) ?? [];
    const same = alike.find(place => equal(place.bytes, bytes));
    if (same !== undefined) return same.offset;
    // OpenVINO takes an empty file for a missing one, even where every constant is empty.
    if (this.length === 0 && bytes.byteLength === 0) this.push(zeros(1));
    const offset = this.append({ byteLength: bytes.byteLength, bytes: () => bytes }, type);
    this.places.set(key, [...alike, { offset, bytes }]);
    return offset;
  }

  /** The offset of a new part, which is aligned. */
  private append(part: BinPart, type: ElementType): number {
    this.bytesByType.set(type, (this.bytesByType.get(type) ?? 0) + part.byteLength);
    const alignment = part.byteLength >= ALIGNMENT ? ALIGNMENT : SMALL_ALIGNMENT;
    const missing = (alignment - (this.length % alignment)) % alignment;
    if (missing > 0) this.push(zeros(missing));
    const offset = this.length;
    this.push(part);
    return offset;
  }

  private push(part: BinPart): void {
    this.parts.push(part);
    this.length += part.byteLength;
  }
}

const zeros = (byteLength: number): BinPart => ({ byteLength, bytes: () => new Uint8Array(byteLength) });

function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  const step = Math.max(1, Math.floor(bytes.length / SAMPLES));
  for (let i = 0; i < bytes.length; i += step) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return `${bytes.length}:${hash >>> 0}`;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.buffer === b.buffer && a.byteOffset === b.byteOffset) return a.byteLength === b.byteLength;
  if (a.byteLength !== b.byteLength) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
