import { byteLengthOf, type ElementType } from '../../tensor/element-type.ts';
import { bytesOf, isDeferred, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import type { BinPart } from './ir.ts';

interface Placed {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Alignment in bytes of constants of at least this size: a cache line, for memory mapping and SIMD. */
const ALIGNMENT = 64;
const SMALL_ALIGNMENT = 8;

const SAMPLES = 64;

export interface Blob {
  readonly offset: number;
  readonly size: number;
}

/** Collects constants for a `.bin` file: stores equal bytes once, and copies nothing. */
export class Weights {
  readonly parts: BinPart[] = [];
  readonly bytesByType = new Map<ElementType, number>();
  private length = 0;
  private readonly placed = new Map<string, Placed[]>();
  private readonly deferred = new Map<Tensor, Blob>();

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
    const candidates = this.placed.get(key) ?? [];
    const same = candidates.find(candidate => equal(candidate.bytes, bytes));
    if (same !== undefined) return same.offset;
    // OpenVINO treats an empty file as a missing one, even if all constants are empty.
    if (this.length === 0 && bytes.byteLength === 0) this.push(zeros(1));
    const offset = this.append({ byteLength: bytes.byteLength, bytes: () => bytes }, type);
    this.placed.set(key, [...candidates, { offset, bytes }]);
    return offset;
  }

  private append(part: BinPart, type: ElementType): number {
    this.bytesByType.set(type, (this.bytesByType.get(type) ?? 0) + part.byteLength);
    const alignment = part.byteLength >= ALIGNMENT ? ALIGNMENT : SMALL_ALIGNMENT;
    const padding = (alignment - (this.length % alignment)) % alignment;
    if (padding > 0) this.push(zeros(padding));
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
