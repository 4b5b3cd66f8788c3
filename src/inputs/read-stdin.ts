import { stdin } from 'node:process';
import { collectBytes } from '../pipeline/collect-bytes.ts';
import { DecantError } from '../errors.ts';

/** Of an image whose size is known only at its end. */
export const MAX_STREAM_BYTES = 2 ** 28;

export async function readStdin(): Promise<Uint8Array> {
  if (stdin.isTTY) {
    throw new DecantError('invalid-argument', 'standard input is a terminal, not an image', {
      remedy: 'Pipe an image into it: `decant detect model.json - < photo.jpg`.',
    });
  }
  const problem = `standard input is too large for an image: more than ${MAX_STREAM_BYTES} bytes`;
  return collectBytes(stdin as AsyncIterable<Uint8Array>, MAX_STREAM_BYTES, () => new DecantError('limit', problem));
}
