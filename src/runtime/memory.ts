import koffi from 'koffi';
import type { Pointer } from './argument.ts';

/** A copy of the `length` bytes at `address`: native memory may be freed or reused at any time. */
export const copyAt = (address: Pointer, length: number): ArrayBuffer =>
  length === 0 ? new ArrayBuffer(0) : koffi.view(address, length).slice(0);

/** A copy of the 64-bit words at `address`: pointers, sizes, or 64-bit integers. */
export const wordsAt = (address: Pointer, count: number): BigInt64Array =>
  new BigInt64Array(copyAt(address, 8 * count));

/** The text at `address`, which stays its owner's. */
export const textAt = (address: Pointer): string => koffi.decode.string(address);

/** Writes `bytes` to native memory that holds at least as many. */
export function writeAt(address: Pointer, bytes: Uint8Array): void {
  if (bytes.byteLength > 0) new Uint8Array(koffi.view(address, bytes.byteLength)).set(bytes);
}

/**
 * The address of the memory behind `data`. It is the buffer's own, which no garbage collection moves; it holds for as
 * long as the buffer is reachable.
 */
export const addressOf = (data: NodeJS.ArrayBufferView): Pointer => koffi.address(data);
