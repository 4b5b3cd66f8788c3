import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exists } from './exists.ts';

/**
 * Creates a folder and those above it. Node's recursive `mkdir` reports a read-only file system as a missing folder, and
 * never ends in `/proc`.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await exists(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch((thrown: unknown) => {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  });
}
