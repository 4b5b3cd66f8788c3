import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheRoot } from './cache-folder.ts';
import { guardFile } from './exit-cleanup.ts';
import { newToken, ownerIn, TOKEN } from './process-token.ts';

/** `.ENTRY.TOKEN.use` while a process uses an entry, `.ENTRY.TOKEN.removal` while one removes it. */
export const MARK = new RegExp(`^\\.(.+)\\.${TOKEN.source}\\.(use|removal)$`, 's');

/** Milliseconds. */
const POLL_INTERVAL = 20;

/**
 * Keeps `decant cache rm` from removing the entry that `path` is in, until the returned function is called or the process
 * ends. Does nothing for paths outside of the cache, and in a cache that cannot be written.
 */
export async function useCacheEntry(path: string): Promise<() => void> {
  const entry = entryOf(path);
  const release = markUsed(path);
  // Both sides leave their mark before they look for the other's.
  while (entry !== undefined && marksOf(entry).includes('removal')) await sleep(POLL_INTERVAL);
  return release;
}

function tryToRemove(mark: string): void {
  try {
    rmSync(mark, { force: true });
  } catch {
    // The next process that looks for marks removes it.
  }
}

/** `useCacheEntry`, without waiting for a removal that has begun. */
export function markUsed(path: string): () => void {
  const entry = entryOf(path);
  if (entry === undefined) return () => undefined;
  const mark = join(entry.folder, `.${entry.key}.${newToken()}.use`);
  try {
    marksOf(entry);
    writeFileSync(mark, '', { flag: 'wx' });
  } catch {
    return () => undefined;
  }
  const release = guardFile(mark);
  return () => {
    release();
    tryToRemove(mark);
  };
}

/** Calls `remove` unless a process uses the entry that `path` is in. Returns whether it did. */
export async function whileUnused(path: string, remove: () => Promise<void>): Promise<boolean> {
  const entry = entryOf(path);
  if (entry === undefined) return false;
  const mark = join(entry.folder, `.${entry.key}.${newToken()}.removal`);
  const release = guardFile(mark);
  try {
    await writeFile(mark, '', { flag: 'wx' }).catch(() => undefined);
    if (marksOf(entry).includes('use')) return false;
    await remove();
    return true;
  } finally {
    await rm(mark, { force: true });
    release();
  }
}

interface Entry {
  readonly folder: string;
  readonly key: string;
}

/** An entry is a file or folder in `downloads` or `openvino`, or all files in `models` whose names begin with a key. */
function entryOf(path: string): Entry | undefined {
  const root = cacheRoot();
  const [kind, name] = relative(root, path).split(sep);
  if (kind === undefined || name === undefined || !['downloads', 'models', 'openvino'].includes(kind)) return undefined;
  return { folder: join(root, kind), key: kind === 'models' ? name.replace(/^\.?([0-9a-f]{32}).*$/s, '$1') : name };
}

/** Kinds of the marks of an entry. Marks of processes that were killed are removed. */
function marksOf({ folder, key }: Entry): readonly string[] {
  return namesIn(folder).flatMap(name => {
    const match = MARK.exec(name);
    if (match === null) return [];
    if (ownerIn(name) === 'dead') rmSync(join(folder, name), { force: true });
    else if (match[1] === key) return [match.at(-1)!];
    return [];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
