import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { DecantError } from '../errors.ts';

/** Opening a pipe otherwise waits for its writer. Windows has no such flag. */
export const READ_AT_ONCE = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/**
 * Opens a regular file, and nothing that never ends or waits.
 *
 * @throws DecantError `not-found` for a folder, `io` for a device, pipe or socket; errors of the file system otherwise
 */
export async function openFile(path: string): Promise<FileHandle> {
  // Beforehand, because opening a device can change its state.
  checkIsFile(path, await stat(path));
  const file = await open(path, READ_AT_ONCE);
  try {
    checkIsFile(path, await file.stat());
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

interface Kind {
  isFile(): boolean;
  isDirectory(): boolean;
}

function checkIsFile(path: string, stats: Kind): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new DecantError('not-found', `'${path}' is a folder, not a file`);
  throw new DecantError('io', `'${path}' cannot be read: it is a device, pipe or socket, not a file`, {
    remedy: 'Copy its contents to a file, and use that.',
  });
}
