import { stdin } from 'node:process';
import { DecantError } from '../errors.ts';

const MAX_BYTES = 2 ** 28;

export async function readStdin(): Promise<Uint8Array> {
  if (stdin.isTTY) {
    throw new DecantError('invalid-argument', 'standard input is a terminal, not an image', {
      remedy: 'Pipe an image into it: `decant detect model.json - < photo.jpg`.',
    });
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stdin as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_BYTES) {
      throw new DecantError('limit', `standard input is too large for an image: more than ${MAX_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
