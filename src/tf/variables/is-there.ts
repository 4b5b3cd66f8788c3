import { DecantError } from '../../errors.ts';
import type { Source } from '../../source/source.ts';

/** Whether a source has a file, which may be one that it does not list. */
export async function isThere(source: Source, path: string): Promise<boolean> {
  try {
    await source.size(path);
    return true;
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code === 'not-found') return false;
    throw thrown;
  }
}
