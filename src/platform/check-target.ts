import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { targetAt } from './target-path.ts';
import { writeError } from './write-files.ts';

/**
 * Refuses a path where a file cannot be written, before slow work, and creates nothing.
 *
 * @throws DecantError `io`
 */
export async function checkTarget(path: string): Promise<void> {
  const target = await targetAt(path);
  if (!target.isStream) await checkTargetFolder(dirname(target.path), path);
}

/**
 * Refuses a folder that cannot be created or written to, before slow work, and creates nothing.
 *
 * @param path what the error names
 * @throws DecantError `io`
 */
export async function checkTargetFolder(folder: string, path = folder): Promise<void> {
  try {
    const existing = await existingFolder(resolve(folder));
    await access(existing, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    throw writeError(path, thrown);
  }
}

/** Returns the folder, or the nearest existing one above it. */
async function existingFolder(folder: string): Promise<string> {
  // Fails if it is a file.
  const stats = await stat(`${folder}/`).catch((thrown: unknown) => {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    if (isMissing && dirname(folder) !== folder) return undefined;
    throw thrown;
  });
  return stats === undefined ? existingFolder(dirname(folder)) : folder;
}
