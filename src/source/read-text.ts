import { DecantError } from '../errors.ts';
import type { Source } from './source.ts';

/** JavaScript strings are limited to about 512 MB; text graphs take megabytes. */
export const MAX_TEXT_BYTES = 2 ** 28;

const decoder = new TextDecoder('utf-8', { fatal: true });

export async function readText(source: Source, path: string): Promise<string> {
  const size = await source.size(path);
  if (size > MAX_TEXT_BYTES) {
    throw new DecantError('limit', `'${path}' has ${size} bytes, more than the ${MAX_TEXT_BYTES} of a text file`);
  }
  const bytes = await source.read(path);
  try {
    return decoder.decode(bytes);
  } catch (thrown) {
    throw new DecantError('malformed', `'${path}' is not UTF-8 text`, { cause: thrown });
  }
}

export const readHead = async (source: Source, path: string, count: number): Promise<Uint8Array> =>
  source.read(path, 0, Math.min(count, await source.size(path)));

export const bytesAsText = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
