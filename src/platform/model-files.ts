import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { exists } from './exists.ts';
import { fileError } from './file-error.ts';
import { folderSource } from './folder-source.ts';

export async function filesAt(path: string): Promise<readonly string[]> {
  const root = resolve(path);
  try {
    if (!(await stat(root)).isDirectory()) return [root];
    return (await folderSource(root).list()).map(file => join(root, file));
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

export async function weightFilesAt(path: string): Promise<readonly string[]> {
  const models = (await filesAt(path)).filter(file => file.endsWith('.json'));
  const weights = (await Promise.all(models.map(weightsOf))).flat();
  const present = await Promise.all(weights.map(exists));
  return weights.filter((_, i) => present[i]);
}

async function weightsOf(model: string): Promise<readonly string[]> {
  const lists = (await readFile(model, 'utf8')).matchAll(/"paths"\s*:\s*(\[[^\]]*\])/g);
  const names = [...lists].flatMap(([, list]) => [...list!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name]) => name!));
  return names.map(name => join(dirname(model), name));
}
