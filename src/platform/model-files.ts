import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MAX_TEXT_BYTES } from '../source/read-text.ts';
import { exists } from './exists.ts';
import { fileError } from './file-error.ts';
import { folderSource } from './folder-source.ts';
import { readFile } from './read-file.ts';

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

/** Whether a path, perhaps by way of links, is that of a file with weights of the model at `model`. */
export async function isWeightFile(path: string, model: string): Promise<boolean> {
  const weights = await Promise.all((await weightFilesAt(model)).map(realPath));
  return weights.includes(await realPath(resolve(path)));
}

const realPath = (path: string): Promise<string> => realpath(path).catch(() => path);

async function weightsOf(model: string): Promise<readonly string[]> {
  const manifest = manifestIn((await readFile(model, MAX_TEXT_BYTES)).toString());
  return manifest.flatMap(group => stringsIn(propertyOf(group, 'paths'))).map(name => join(dirname(model), name));
}

/** The weight groups of a TensorFlow.js model; none for other text. */
function manifestIn(text: string): readonly unknown[] {
  try {
    const manifest = propertyOf(JSON.parse(text.replace(/^\uFEFF/, '')) as unknown, 'weightsManifest');
    return Array.isArray(manifest) ? manifest : [];
  } catch {
    return [];
  }
}

const propertyOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

const stringsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
