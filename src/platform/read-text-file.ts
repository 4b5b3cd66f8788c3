import { stat } from 'node:fs/promises';
import { DecantError } from '../errors.ts';
import { fileError } from './file-error.ts';
import { readFile } from './read-file.ts';
import { readPipe } from './read-pipe.ts';

/** JavaScript strings are limited to about 512 MB; the largest annotations of COCO take 450 MB. */
export const MAX_TEXT_BYTES = 2 ** 29 - 2 ** 20;

/** Reads a file or pipe in UTF-8, or in UTF-16 with a byte order mark, as PowerShell writes it. */
export async function readTextFile(path: string): Promise<string> {
  const text = textOf(await readBytes(path));
  if (!text.includes('\0')) return text;
  throw new DecantError('malformed', `'${path}' is not a text file`);
}

/** Decodes the bytes of such a file. */
export const textOf = (bytes: Uint8Array): string =>
  new TextDecoder(encodingOf(bytes), { ignoreBOM: true }).decode(bytes);

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const isPipe = (await stat(path)).isFIFO();
    return await (isPipe ? readPipe : readFile)(path, MAX_TEXT_BYTES);
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
