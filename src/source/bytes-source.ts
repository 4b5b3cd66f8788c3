import { DecantError } from '../errors.ts';
import type { Chunks } from './chunks.ts';
import { memorySource } from './memory-source.ts';
import type { Source } from './source.ts';
import { isGzip, isTar, tarSource } from './tar-source.ts';
import { isZip, zipSource } from './zip-source.ts';

/** Archives (`.tar`, `.tar.gz`, `.zip`) are recognized by content; other bytes are a single file. */
export async function bytesSource(
  name: string,
  bytes: Uint8Array,
  gunzip: (packed: Chunks) => Chunks,
): Promise<Source> {
  if (bytes.byteLength === 0) throw new DecantError('not-a-model', `'${name}' is empty`);
  if (isZip(bytes)) return zipSource(name, bytes);
  if (isGzip(bytes) || isTar(bytes)) return tarSource(name, oneChunk(bytes), gunzip);
  return memorySource(name, [[name, bytes]]);
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* oneChunk(bytes: Uint8Array): Chunks {
  yield bytes;
}
