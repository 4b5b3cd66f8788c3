import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { DecantError } from '../errors.ts';

/** `DECANT_CACHE`, or `decant` in the system's folder for caches. It may not exist. */
export function cacheRoot(): string {
  const chosen = process.env['DECANT_CACHE'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  return join(systemCaches(), 'decant');
}

export async function cacheFolder(...names: readonly string[]): Promise<string> {
  const folder = join(cacheRoot(), ...names);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new DecantError('io', `cannot create the cache folder ${folder}`, {
      cause,
      remedy: 'Set DECANT_CACHE to a writable folder.',
    });
  }
  return folder;
}

function systemCaches(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  // The XDG specification requires ignoring relative paths.
  const xdg = process.env['XDG_CACHE_HOME'];
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
}
