import type { Readable } from 'node:stream';

/** Bytes that are held for a slow disk before the server is made to wait. */
const MOST_HELD = 2 ** 20;

/**
 * The chunks of a stream from now on, with all that came before an error: a stream that fails drops what it holds, and a
 * server that breaks off again and again would never bring anything.
 */
export function bufferedChunks(stream: Readable): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let [held, ended] = [0, false];
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  const end = (thrown?: Error): void => {
    failure ??= thrown;
    ended = true;
    wake();
  };
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.byteLength;
    if (held > MOST_HELD) stream.pause();
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
          held -= chunk.byteLength;
          if (held <= MOST_HELD) stream.resume();
          yield chunk;
        } else if (ended) {
          if (failure !== undefined) throw failure;
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
