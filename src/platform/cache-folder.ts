import { isAbsolute, join } from 'node:path';
import { DecantError } from '../errors.ts';
import { homeFolder } from './home-folder.ts';
import { makeFolder } from './make-folder.ts';

/**
 * `DECANT_CACHE`, or `decant` in the system's folder for caches. It may not exist.
 *
 * @throws DecantError `invalid-argument` if `DECANT_CACHE` is relative, `io` if the user has no home folder
 */
export function cacheRoot(): string {
  const chosen = process.env['DECANT_CACHE'];
  if (chosen === undefined || chosen === '') return join(systemCaches(), 'decant');
  if (isAbsolute(chosen)) return chosen;
  throw new DecantError('invalid-argument', `DECANT_CACHE is '${chosen}', a relative path`, {
    remedy: 'Set it to an absolute path.',
  });
}

export async function cacheFolder(...names: readonly string[]): Promise<string> {
  const folder = join(cacheRoot(), ...names);
  try {
    await makeFolder(folder);
  } catch (cause) {
    throw new DecantError('io', `cannot create the cache folder ${folder}`, {
      cause,
      remedy: 'Set DECANT_CACHE to a writable folder.',
    });
  }
  return folder;
}

function systemCaches(): string {
  // The XDG specification requires ignoring relative paths.
  const given = { win32: 'LOCALAPPDATA', darwin: '' }[process.platform as string] ?? 'XDG_CACHE_HOME';
  const folder = process.env[given];
  if (folder !== undefined && isAbsolute(folder)) return folder;
  const inHome = { win32: 'AppData/Local', darwin: 'Library/Caches' }[process.platform as string] ?? '.cache';
  const home = homeFolder();
  if (home !== undefined) return join(home, inHome);
  throw new DecantError('io', 'there is no folder for the cache, because the user has no home folder', {
    remedy: 'Set DECANT_CACHE to a writable folder.',
  });
}
