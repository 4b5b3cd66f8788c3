import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileError } from './file-error.ts';
import { folderSource } from './folder-source.ts';

/**
 * A name for what stands at `path` now, and for `facts`: another one as soon as a file of the model changes. Files are
 * told by path, size and time, so that a model of any size takes no time.
 */
export async function fingerprint(path: string, ...facts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const file of await filesOf(path)) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesOf(path: string): Promise<readonly string[]> {
  const root = resolve(path);
  try {
    if ((await stat(root)).isDirectory()) return (await folderSource(root).list()).map(file => join(root, file));
    return [root, ...(root.endsWith('.json') ? await shardsOf(root) : [])];
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

/** The files beside a `model.json` that it names, as far as they are there. */
async function shardsOf(path: string): Promise<readonly string[]> {
  const lists = (await readFile(path, 'utf8')).matchAll(/"paths"\s*:\s*(\[[^\]]*\])/g);
  const names = [...lists].flatMap(([, list]) => [...list!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name]) => name!));
  const files = names.map(name => join(dirname(path), name));
  const there = await Promise.all(
    files.map(file =>
      stat(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, i) => there[i]);
}
