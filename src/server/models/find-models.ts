import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DecantError } from '../../errors.ts';
import { fileError } from '../../platform/file-error.ts';
import { fingerprint } from '../../platform/fingerprint.ts';

/** Where a version of a model is. */
export interface ModelSource {
  readonly name: string;
  readonly version: string;
  /** Path, name or URL. */
  readonly path: string;
}

const NAME = /^[\w.-]+$/;

/** The version of a model that is named by its path. */
const ONLY_VERSION = '1';

/** @throws DecantError `invalid-argument` for names that a URL cannot have, or that are not unique */
export function namedModels(
  models: readonly { readonly name: string; readonly path: string }[],
): readonly ModelSource[] {
  const taken = new Set<string>();
  for (const { name, path } of models) {
    const problem = NAME.test(name) ? 'is the name of two models' : 'is not a valid model name';
    if (NAME.test(name) && !taken.has(name)) taken.add(name);
    else {
      throw new DecantError('invalid-argument', `'${name}' ${problem}`, {
        remedy: `Name each by letters, digits, '.', '_' and '-': my-model=${path}.`,
      });
    }
  }
  return models.map(({ name, path }) => ({ name, version: ONLY_VERSION, path }));
}

/**
 * Lists the models below a folder in the layout of OpenVINO Model Server: `NAME/VERSION/model.xml`, with numbers as versions.
 * A version without an `.xml` is a TensorFlow model.
 */
export async function modelsIn(folder: string): Promise<readonly ModelSource[]> {
  const names = await foldersIn(folder);
  const lists = await Promise.all(
    names
      .filter(name => NAME.test(name))
      .map(async name => {
        const versions = (await foldersIn(join(folder, name))).filter(version => /^[1-9]\d*$/.test(version));
        return Promise.all(versions.map(version => sourceAt(join(folder, name, version), name, version)));
      }),
  );
  return lists.flat();
}

async function sourceAt(folder: string, name: string, version: string): Promise<ModelSource> {
  const files = (await readdir(folder)).filter(file => file.endsWith('.xml')).sort();
  const xml = files.includes('model.xml') ? 'model.xml' : files[0];
  return { name, version, path: xml === undefined ? folder : join(folder, xml) };
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder);
    const stats = await Promise.all(entries.map(entry => stat(join(folder, entry)).catch(() => undefined)));
    return entries.filter((_, i) => stats[i]?.isDirectory() === true).sort();
  } catch (thrown) {
    throw fileError(folder, thrown);
  }
}

/** Returns a text that changes with the files of a model; undefined for a model that is not a path, or is gone. */
export async function filesState({ path }: ModelSource): Promise<string | undefined> {
  const beside = path.endsWith('.xml') ? ['.bin', '.labels.txt'].map(end => path.replace(/\.xml$/, end)) : [];
  try {
    const states = await Promise.all(beside.map(stateOf));
    return await fingerprint(path, ...states);
  } catch {
    return undefined;
  }
}

const stateOf = (path: string): Promise<string> =>
  stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => '',
  );
