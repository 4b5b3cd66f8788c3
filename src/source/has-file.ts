import { DecantError } from '../errors.ts';
import type { Source } from './source.ts';

export async function hasFile(source: Source, path: string): Promise<boolean> {
  try {
    await source.size(path);
    return true;
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code === 'not-found') return false;
    throw thrown;
  }
}
