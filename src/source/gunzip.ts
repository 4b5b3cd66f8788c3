import { type Chunks, toReadableStream } from './chunks.ts';

/** Decompresses with what browsers and Node have in common. */
export const gunzip = (packed: Chunks): Chunks =>
  // Browsers' types allow no shared memory, which no source returns.
  (toReadableStream(packed) as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new DecompressionStream('gzip'));
