import { DecantError } from '../errors.ts';
import { archiveKind } from './archive-kind.ts';
import { archiveSource } from './archive-source.ts';
import type { Chunks } from './chunks.ts';
import { memorySource } from './memory-source.ts';
import type { Source } from './source.ts';

/** Archives (`.tar`, `.tar.gz`, `.zip`) are recognized by content; other bytes are a single file. */
export async function bytesSource(
  name: string,
  bytes: Uint8Array,
  gunzip: (packed: Chunks) => Chunks,
): Promise<Source> {
  if (bytes.byteLength === 0) throw new DecantError('not-a-model', `'${name}' is empty`);
  const kind = archiveKind(bytes);
  if (kind === undefined) return memorySource(name, [[name, bytes]]);
  return archiveSource(kind, { name, whole: () => bytes, chunks: () => oneChunk(bytes) }, gunzip);
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* oneChunk(bytes: Uint8Array): Chunks {
  yield bytes;
}
