import { nameOf } from '../check.ts';
import { collectBytes } from '../pipeline/collect-bytes.ts';
import { DecantError } from '../errors.ts';

/** Bytes in parts: a `Readable` of Node, a `ReadableStream` of the web, such as the body of a response, or a generator. */
export type ByteStream = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** Far more than cameras write. */
const MAX_BYTES = 2 ** 28;

export const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/**
 * Reads a whole stream of bytes.
 *
 * @throws DecantError `limit` if it is too large for an image, `invalid-argument` if it yields something else than bytes,
 * `io` if it fails, `cancelled`
 */
export async function readStream(stream: AsyncIterable<unknown>, signal?: AbortSignal): Promise<Uint8Array> {
  const problem = `the stream is too large for an image: more than ${MAX_BYTES} bytes`;
  try {
    return await collectBytes(chunksOf(stream, signal), MAX_BYTES, () => new DecantError('limit', problem));
  } catch (thrown) {
    if (thrown instanceof DecantError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new DecantError('io', `the stream of the image failed: ${reason}`, { cause: thrown });
  }
}

async function* chunksOf(stream: AsyncIterable<unknown>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    if (signal?.aborted === true) throw new DecantError('cancelled', 'reading the stream was cancelled');
    if (!(chunk instanceof Uint8Array)) {
      throw new DecantError('invalid-argument', `the stream yields ${nameOf(chunk)}, not bytes`);
    }
    yield chunk;
  }
}
