import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DecantError } from '../errors.ts';
import { archiveKind } from '../source/archive-kind.ts';
import { archiveSource } from '../source/archive-source.ts';
import { bytesSource } from '../source/bytes-source.ts';
import type { Chunks } from '../source/chunks.ts';
import { readHead } from '../source/read-text.ts';
import type { Source } from '../source/source.ts';
import { fileError } from './file-error.ts';
import { openFile } from './open-file.ts';
import { fileSource, folderSource } from './folder-source.ts';

const HEAD_BYTES = 512;
const CHUNK_BYTES = 2 ** 16;

/**
 * Archives (`.tar`, `.tar.gz`, `.zip`) are recognized by content. Files next to a single file can be read by name.
 *
 * @param name name of bytes in errors
 */
export async function openSource(input: string | Uint8Array, name = 'model'): Promise<Source> {
  if (typeof input !== 'string') return bytesSource(name, input, gunzip);
  const stats = await stat(input).catch((thrown: unknown) => {
    throw fileError(input, thrown);
  });
  if (stats.isDirectory()) return folderSource(input);
  if (!stats.isFile()) throw new DecantError('not-a-model', `'${input}' is neither a file nor a folder`);
  const file = fileSource(input);
  const path = basename(input);
  const head = await readHead(file, path, HEAD_BYTES);
  if (head.byteLength === 0) throw new DecantError('not-a-model', `'${input}' is empty`);
  const kind = archiveKind(head);
  if (kind === undefined) return file;
  return archiveSource(kind, { name: input, whole: () => file.read(path), chunks: () => readChunks(input) }, gunzip);
}

async function* readChunks(path: string): Chunks {
  try {
    await using handle = await openFile(path);
    for (;;) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_BYTES));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

/** Unlike `DecompressionStream` on Node 20, Node's streams do not run far ahead of the consumer. */
const gunzip = (packed: Chunks): Chunks => pipeline(packed, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
