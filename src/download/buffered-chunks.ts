import type { Readable } from 'node:stream';

const MAX_BUFFERED = 2 ** 20;

/**
 * Yields all chunks that arrived before an error. A failing stream drops its own buffer, so downloads from a server
 * that keeps disconnecting would make no progress.
 */
export function bufferedChunks(stream: Readable): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let buffered = 0;
  const source: { ended: boolean; failure?: Error | undefined } = { ended: false };
  let wake: () => void = () => undefined;
  const end = (thrown?: Error): void => {
    source.failure ??= thrown;
    source.ended = true;
    wake();
  };
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    buffered += chunk.byteLength;
    if (buffered > MAX_BUFFERED) stream.pause();
    wake();
  });
  stream.on('error', end);
  stream.on('end', () => end());
  stream.on('close', () => end());
  return (async function* () {
    try {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          buffered -= chunk.byteLength;
          if (buffered <= MAX_BUFFERED) stream.resume();
          yield chunk;
        } else if (source.ended) {
          if (source.failure !== undefined) throw source.failure;
          return;
        } else {
          await new Promise<void>(resolve => (wake = resolve));
        }
      }
    } finally {
      stream.destroy();
    }
  })();
}
