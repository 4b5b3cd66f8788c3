import { openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { DecantError } from '../errors.ts';
import { READ_AT_ONCE } from './open-file.ts';
import { tooLarge } from './read-file.ts';

/** Milliseconds. */
const MAX_SILENCE = 8000;

const CHUNK_BYTES = 2 ** 16;

/**
 * Reads a pipe to its end, such as that of the shell's `<(command)`.
 *
 * @throws DecantError `io` if no program writes to it, or none for 8 seconds; `limit` if it brings more than `maxBytes`
 */
export async function readPipe(path: string, maxBytes: number): Promise<Buffer> {
  const pipe = openPipe(path);
  pipe.setTimeout(MAX_SILENCE, () => {
    pipe.destroy(unusable(path, `that brought nothing for ${MAX_SILENCE / 1000} s`));
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of pipe as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge(path, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws DecantError `io` if no program writes to the pipe */
export function openPipe(path: string): Socket {
  const descriptor = openSync(path, READ_AT_ONCE);
  // Reads from a thread could not be given up.
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  const first = whatIsThere(descriptor);
  if (first?.byteLength === 0) {
    socket.destroy();
    throw unusable(path, 'that no program writes to');
  }
  if (first !== undefined) socket.unshift(first);
  return socket;
}

/** Returns no bytes if no program writes to the pipe, and undefined if one does, but has not yet. */
function whatIsThere(descriptor: number): Uint8Array | undefined {
  const bytes = new Uint8Array(CHUNK_BYTES);
  try {
    return bytes.subarray(0, readSync(descriptor, bytes));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN') return undefined;
    throw thrown;
  }
}

const unusable = (path: string, why: string): DecantError =>
  new DecantError('io', `'${path}' is a pipe ${why}`, { remedy: 'Write its contents to a file, and use that.' });
