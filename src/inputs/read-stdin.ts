import { stdin } from 'node:process';
import { DecantError } from '../errors.ts';

/** The largest picture file. */
const MAX_BYTES = 2 ** 28;

/** All of the standard input. @throws DecantError `invalid-argument` where it is a terminal, `limit` for too many bytes */
export async function readStdin(): Promise<Uint8Array> {
  if (stdin.isTTY) {
    throw new DecantError('invalid-argument', 'no picture comes from the standard input', {
      remedy: 'Pipe one in: `decant detect model.json - < photo.jpg`.',
    });
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stdin as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_BYTES) {
      throw new DecantError('limit', `the standard input is too large for a picture: over ${MAX_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
