import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DecantError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import { writeError } from './write-files.ts';

/**
 * Creates a folder unless it exists. Returns its absolute path.
 *
 * @throws DecantError `io` if it cannot be created, or is something else
 */
export async function ensureFolder(path: string): Promise<string> {
  try {
    await makeFolder(path);
    if ((await stat(path)).isDirectory()) return resolve(path);
  } catch (thrown) {
    throw writeError(path, thrown);
  }
  throw new DecantError('io', `'${path}' is not a folder`, { remedy: 'Name a folder, which may not exist yet.' });
}
