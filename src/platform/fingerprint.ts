import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { filesAt, weightFilesAt } from './model-files.ts';

/**
 * A name for what stands at `path` now, and for `facts`: another one as soon as a file of the model changes. Files are
 * told by path, size and time, so that a model of any size takes no time.
 */
export async function fingerprint(path: string, ...facts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const file of new Set([...(await filesAt(path)), ...(await weightFilesAt(path))])) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex').slice(0, 32);
}
