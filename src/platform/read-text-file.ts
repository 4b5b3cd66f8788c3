import { readFile } from 'node:fs/promises';
import { fileError } from './file-error.ts';

/** Reads UTF-8, or UTF-16 with a byte order mark, as PowerShell writes it. */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((thrown: unknown) => {
    throw fileError(path, thrown);
  });
  return new TextDecoder(encodingOf(bytes), { ignoreBOM: true }).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
