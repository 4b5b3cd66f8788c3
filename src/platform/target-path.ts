import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DecantError } from '../errors.ts';

/** As many as Linux follows. */
const MAX_LINKS = 40;

/** Where an output goes. */
export interface Target {
  /** The path after its links, which may lead to a file that does not exist yet. */
  readonly path: string;
  /** Whether it is a device, pipe or socket, which is written into: only files are replaced. */
  readonly isStream: boolean;
}

/** @throws DecantError `io` if it is a folder or its links lead in a circle */
export async function targetAt(path: string): Promise<Target> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() === true) {
    throw new DecantError('io', `cannot write '${path}': it is a folder`, { remedy: 'Choose another path.' });
  }
  // A link to an open pipe has no path behind it.
  if (isDescriptor(path) || (stats !== undefined && !stats.isFile())) return { path, isStream: true };
  return { path: await behindLinks(path), isStream: false };
}

/** Other programs may write to the same file, which must not be replaced. */
const isDescriptor = (path: string): boolean => /^(?:\/dev\/std(?:out|err)|\/(?:dev|proc\/self)\/fd\/\d+)$/.test(path);

async function behindLinks(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const stats = await lstat(at).catch(() => undefined);
    if (stats?.isSymbolicLink() !== true) return at;
    at = resolve(dirname(at), await readlink(at));
  }
  throw new DecantError('io', `cannot write '${path}': its symbolic links lead in a circle`, {
    remedy: 'Remove the link, or choose another path.',
  });
}
