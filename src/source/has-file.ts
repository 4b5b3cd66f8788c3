import { DecantError } from '../errors.ts';
import type { Source } from './source.ts';

/** Whether a source has a file, listed or not: a source of a single file does not list the files beside it. */
export async function hasFile(source: Source, path: string): Promise<boolean> {
  try {
    await source.size(path);
    return true;
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code === 'not-found') return false;
    throw thrown;
  }
}
