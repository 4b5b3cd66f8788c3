import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DecantError } from '../errors.ts';
import { folderOf } from '../source/paths.ts';
import type { Source } from '../source/source.ts';
import { openSource } from './open-source.ts';
import { writeFiles } from './write-files.ts';

/** A model where a program finds it that reads files; dispose of it to remove what was unpacked for that. */
export interface ExtractedModel extends AsyncDisposable {
  /** Of a SavedModel the folder, of any other model the file. */
  readonly path: string;
}

/** The file of a model of each format, by its name. */
const FILES: Readonly<Record<string, RegExp>> = {
  'saved-model': /(?:^|\/)saved_model\.pb$/,
  'frozen-graph': /(?<!(?:^|\/)(?:saved_model|fingerprint))\.pb$/i,
};

/**
 * The model at `path`, which may be an archive: that is unpacked to a folder of the system's for temporary files.
 *
 * @throws DecantError `unsupported` for a format that is not read from a file, `invalid-argument` for several models
 */
export async function extractedModel(path: string, format: string): Promise<ExtractedModel> {
  const isFolder = (await stat(path)).isDirectory();
  const source = await openSource(path);
  const files = await source.list();
  const isFolderFormat = format === 'saved-model';
  // A file that is no archive stands for itself.
  if (!isFolder && files.length === 1 && files[0] === basename(path)) {
    return leftAlone(isFolderFormat ? dirname(path) : path);
  }
  const file = modelFile(source.name, files, format);
  const inside = isFolderFormat ? folderOf(file) : file;
  return isFolder ? leftAlone(join(path, inside)) : unpacked(source, inside);
}

function modelFile(name: string, files: readonly string[], format: string): string {
  const [file, ...others] = files.filter(path => FILES[format]?.test(path) === true);
  if (file !== undefined && others.length === 0) return file;
  const problem = file === undefined ? `is no file or folder that OpenVINO reads` : `holds ${others.length + 1} models`;
  throw new DecantError(file === undefined ? 'unsupported' : 'invalid-argument', `'${name}' ${problem}`, {
    remedy: 'Give the file or folder of the model itself.',
  });
}

const leftAlone = (path: string): ExtractedModel => ({ path, [Symbol.asyncDispose]: () => Promise.resolve() });

/** The file `inside` of an archive, or all files of the folder `inside`. */
async function unpacked(source: Source, inside: string): Promise<ExtractedModel> {
  const root = await mkdtemp(join(tmpdir(), 'decant-'));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    for (const file of await source.list()) {
      if (file !== inside && inside !== '' && !file.startsWith(`${inside}/`)) continue;
      await writeFiles([{ path: join(root, file), parts: [await source.read(file)] }]);
    }
    return { path: join(root, inside), [Symbol.asyncDispose]: remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}
