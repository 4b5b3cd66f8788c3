import koffi from 'koffi';
import type { Pointer } from './argument.ts';

/** Copies `length` bytes at `address`, because native memory may be freed or reused. */
export const copyAt = (address: Pointer, length: number): ArrayBuffer =>
  length === 0 ? new ArrayBuffer(0) : koffi.view(address, length).slice(0);

/** Copies `count` 64-bit words at `address`: pointers, sizes, or integers. */
export const wordsAt = (address: Pointer, count: number): BigInt64Array =>
  new BigInt64Array(copyAt(address, 8 * count));

/** Returns the C string at `address`, without taking ownership. */
export const textAt = (address: Pointer): string => koffi.decode.string(address);

export function writeAt(address: Pointer, bytes: Uint8Array): void {
  if (bytes.byteLength > 0) new Uint8Array(koffi.view(address, bytes.byteLength)).set(bytes);
}

/** Returns the address of a buffer's memory, which is valid as long as the buffer is reachable. */
export const addressOf = (data: NodeJS.ArrayBufferView): Pointer => koffi.address(data);
