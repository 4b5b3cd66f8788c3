import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { DecantError } from '../errors.ts';

/**
 * Where decant keeps what it can fetch or make again: `DECANT_CACHE`, or a folder `decant` in the place that the system
 * has for caches. It may not exist.
 */
export function cacheRoot(): string {
  const chosen = process.env['DECANT_CACHE'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  return join(systemCaches(), 'decant');
}

/** A folder below `cacheRoot`, created where it is missing. @throws DecantError `io` when it cannot be */
export async function cacheFolder(...names: readonly string[]): Promise<string> {
  const folder = join(cacheRoot(), ...names);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new DecantError('io', `cannot create the cache folder ${folder}`, {
      cause,
      remedy: 'Set DECANT_CACHE to a folder that can be written to.',
    });
  }
  return folder;
}

function systemCaches(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  // The XDG specification has relative paths ignored.
  const xdg = process.env['XDG_CACHE_HOME'];
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
}
