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

/** Collects constants into one `.bin`: equal bytes stand there once, and nothing is copied. */
export class Weights {
  readonly parts: Uint8Array[] = [];
  private length = 0;
  private readonly places = new Map<string, Place[]>();

  /** The offset of `bytes` in the file. */
  place(bytes: Uint8Array): number {
    const key = fingerprint(bytes);
    const alike = this.places.get(key) ?? [];
    const same = alike.find(place => equal(place.bytes, bytes));
    if (same !== undefined) return same.offset;
    this.pad(bytes.byteLength >= ALIGNMENT ? ALIGNMENT : SMALL_ALIGNMENT);
    const place = { offset: this.length, bytes };
    this.parts.push(bytes);
    this.length += bytes.byteLength;
    this.places.set(key, [...alike, place]);
    return place.offset;
  }

  private pad(alignment: number): void {
    const missing = (alignment - (this.length % alignment)) % alignment;
    if (missing === 0) return;
    this.parts.push(new Uint8Array(missing));
    this.length += missing;
  }
}

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
