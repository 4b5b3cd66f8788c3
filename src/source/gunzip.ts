import { type Chunks, toReadableStream } from './chunks.ts';

/** Decompresses with what browsers and Node have in common. */
export const gunzip = (packed: Chunks): Chunks => toReadableStream(packed).pipeThrough(new DecompressionStream('gzip'));
