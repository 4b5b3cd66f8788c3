import { stat } from 'node:fs/promises';
import { DecantError } from '../errors.ts';
import { fileError } from './file-error.ts';
import { readFile } from './read-file.ts';
import { readPipe } from './read-pipe.ts';

/** JavaScript strings are limited to about 512 MB; the largest annotations of COCO take 450 MB. */
export const MAX_TEXT_BYTES = 2 ** 29 - 2 ** 20;

/** Reads a file or pipe in UTF-8, or in UTF-16 with a byte order mark, as PowerShell writes it. */
export async function readTextFile(path: string): Promise<string> {
  return textOf(await readBytes(path), path);
}

/** Decodes the bytes of such a file. @throws DecantError `malformed` */
export function textOf(bytes: Uint8Array, path: string): string {
  const encoding = encodingOf(bytes);
  const text = decoded(bytes, encoding);
  if (text?.includes('\0') === false) return text;
  const isText = text === undefined && !bytes.includes(0);
  throw new DecantError('malformed', `'${path}' is not a text file${isText ? ` in ${encoding.toUpperCase()}` : ''}`, {
    remedy: 'Check the path. If it is the right one, save the file as text in UTF-8.',
  });
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true, fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

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
