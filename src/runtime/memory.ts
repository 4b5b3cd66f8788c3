import type { Pointer } from './argument.ts';
import { koffi } from './koffi.ts';

/** A copy, because native memory may be freed or reused. */
export const copyAt = (address: Pointer, length: number): ArrayBuffer =>
  length === 0 ? new ArrayBuffer(0) : koffi().view(address, length).slice(0);

export const wordsAt = (address: Pointer, count: number): BigInt64Array =>
  new BigInt64Array(copyAt(address, 8 * count));

export const textAt = (address: Pointer): string => koffi().decode.string(address);

export function writeAt(address: Pointer, bytes: Uint8Array): void {
  if (bytes.byteLength > 0) new Uint8Array(koffi().view(address, bytes.byteLength)).set(bytes);
}

/** Valid as long as the buffer is reachable. */
export const addressOf = (data: NodeJS.ArrayBufferView): Pointer => koffi().address(data);
