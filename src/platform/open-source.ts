import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DecantError } from '../errors.ts';
import type { Chunks } from '../source/chunks.ts';
import { memorySource } from '../source/memory-source.ts';
import { readHead } from '../source/read-text.ts';
import type { Source } from '../source/source.ts';
import { isGzip, isTar, tarSource } from '../source/tar-source.ts';
import { isZip, zipSource } from '../source/zip-source.ts';
import { fileError } from './file-error.ts';
import { fileSource, folderSource } from './folder-source.ts';

/** Enough to see what a file is: tar's magic lies in its first block. */
const HEAD_BYTES = 512;
/** Large enough that the work per chunk does not count, small enough that chunks on their way do not either. */
const CHUNK_BYTES = 2 ** 16;

/**
 * What the user gave, as a source: a folder, an archive (`.tar`, `.tar.gz`, `.zip`, recognised by content), or one file
 * with those beside it; or the bytes of an archive or a file.
 * @param name what errors call bytes
 * @throws DecantError `not-found`, `io`, `not-a-model` for an empty file, `malformed` and `limit` for archives
 */
export async function openSource(input: string | Uint8Array, name = 'model'): Promise<Source> {
  if (typeof input !== 'string') return openBytes(name, input);
  const facts = await stat(input).catch((thrown: unknown) => {
    throw fileError(input, thrown);
  });
  if (facts.isDirectory()) return folderSource(input);
  if (!facts.isFile()) throw new DecantError('not-a-model', `'${input}' is neither a file nor a folder`);
  const file = fileSource(input);
  const path = basename(input);
  const head = await readHead(file, path, HEAD_BYTES);
  checkNotEmpty(input, head);
  if (isZip(head)) return zipSource(input, await file.read(path));
  if (isGzip(head) || isTar(head)) return tarSource(input, readChunks(input), gunzip);
  return file;
}

async function openBytes(name: string, bytes: Uint8Array): Promise<Source> {
  checkNotEmpty(name, bytes);
  if (isZip(bytes)) return zipSource(name, bytes);
  if (isGzip(bytes) || isTar(bytes)) return tarSource(name, oneChunk(bytes), gunzip);
  return memorySource(name, [[name, bytes]]);
}

function checkNotEmpty(name: string, bytes: Uint8Array): void {
  if (bytes.byteLength === 0) throw new DecantError('not-a-model', `'${name}' is empty`);
}

async function* readChunks(path: string): Chunks {
  try {
    await using handle = await open(path);
    for (;;) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_BYTES));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* oneChunk(bytes: Uint8Array): Chunks {
  yield bytes;
}

/** Node's own: its streams keep fewer chunks in flight than `DecompressionStream`, which on Node 20 runs far ahead. */
const gunzip = (packed: Chunks): Chunks => pipeline(packed, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
