import type { Pointer } from './argument.ts';
import { koffi } from './koffi.ts';

/** A copy, because native memory may be freed or reused. */
export const copyAt = (address: Pointer, length: number): ArrayBuffer =>
  length === 0 ? new ArrayBuffer(0) : koffi().view(address, length).slice(0);

export const wordsAt = (address: Pointer, count: number): BigInt64Array =>
  new BigInt64Array(copyAt(address, 8 * count));

export const textAt = (address: Pointer): string => koffi().decode.string(address);

/** Writes parts one after another; `length` is that of all. */
export function writeAt(address: Pointer, length: number, parts: Iterable<Uint8Array>): void {
  const target = new Uint8Array(koffi().view(address, length));
  let offset = 0;
  for (const part of parts) {
    target.set(part, offset);
    offset += part.byteLength;
  }
}

/** Valid as long as the buffer is reachable. */
export const addressOf = (data: NodeJS.ArrayBufferView): Pointer => koffi().address(data);
