import { DecantError } from '../errors.ts';
import type { Source } from './source.ts';

/** Engines hold texts of about half a gigabyte; a model's text is a graph with little else and takes megabytes. */
export const MAX_TEXT_BYTES = 2 ** 28;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** A file as text. @throws DecantError `malformed` when it is not UTF-8, `limit` */
export async function readText(source: Source, path: string): Promise<string> {
  const size = await source.size(path);
  if (size > MAX_TEXT_BYTES) {
    throw new DecantError('limit', `'${path}' has ${size} bytes, more than a text may have (${MAX_TEXT_BYTES})`);
  }
  const bytes = await source.read(path);
  try {
    return decoder.decode(bytes);
  } catch (thrown) {
    throw new DecantError('malformed', `'${path}' is not a text in UTF-8`, { cause: thrown });
  }
}

/** The first `count` bytes of a file, or all of a shorter one. */
export const readHead = async (source: Source, path: string, count: number): Promise<Uint8Array> =>
  source.read(path, 0, Math.min(count, await source.size(path)));

/** Bytes as text with one character for each, so that patterns can look at any file. */
export const bytesAsText = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
