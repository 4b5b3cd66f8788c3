import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileError } from './file-error.ts';
import { folderSource } from './folder-source.ts';

/** The absolute paths of the files at `path`: the one, or all in the folder. @throws DecantError when nothing is there */
export async function filesAt(path: string): Promise<readonly string[]> {
  const root = resolve(path);
  try {
    if (!(await stat(root)).isDirectory()) return [root];
    return (await folderSource(root).list()).map(file => join(root, file));
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

/** The files that a TensorFlow.js `model.json` names, among those at `path`, as far as they are there. */
export async function weightFilesAt(path: string): Promise<readonly string[]> {
  const models = (await filesAt(path)).filter(file => file.endsWith('.json'));
  const weights = (await Promise.all(models.map(weightsOf))).flat();
  const there = await Promise.all(weights.map(isThere));
  return weights.filter((_, i) => there[i]);
}

async function weightsOf(model: string): Promise<readonly string[]> {
  const lists = (await readFile(model, 'utf8')).matchAll(/"paths"\s*:\s*(\[[^\]]*\])/g);
  const names = [...lists].flatMap(([, list]) => [...list!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name]) => name!));
  return names.map(name => join(dirname(model), name));
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
