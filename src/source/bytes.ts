import { DecantError } from '../errors.ts';

/** The bytes of a file, in memory or as a `File` or `Blob`. */
export type Bytes = ArrayBuffer | ArrayBufferView | Blob;

/** Also recognizes buffers of other realms, such as frames, workers and test environments. */
export const isBytes = (value: unknown): value is Bytes =>
  ArrayBuffer.isView(value) || isBuffer(value) || value instanceof Blob;

const isBuffer = (value: unknown): value is ArrayBuffer =>
  Object.prototype.toString.call(value) === '[object ArrayBuffer]';

/**
 * Returns a view of bytes in memory, or reads a file of a browser.
 *
 * @throws DecantError `io` if the file cannot be read
 */
export async function readBytes(bytes: Bytes, name: string): Promise<Uint8Array> {
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isBuffer(bytes)) return new Uint8Array(bytes);
  try {
    return new Uint8Array(await bytes.arrayBuffer());
  } catch (cause) {
    throw new DecantError('io', `'${name}' cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
