import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { filesAt, weightFilesAt } from './model-files.ts';

/** For speed, files count by path, size and modification time, not by content. */
export async function fingerprint(path: string, ...keys: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const key of keys) hash.update(`${key}\0`);
  for (const file of new Set([...(await filesAt(path)), ...(await weightFilesAt(path))])) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex').slice(0, 32);
}
