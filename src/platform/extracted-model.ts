import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DecantError } from '../errors.ts';
import { folderOf } from '../source/paths.ts';
import type { Source } from '../source/source.ts';
import { openSource } from './open-source.ts';
import { writeFiles } from './write-files.ts';

/** A model on disk for programs that read files; disposing removes extracted files. */
export interface ExtractedModel extends AsyncDisposable {
  /** Folder of a SavedModel, file of any other model. */
  readonly path: string;
}

const FILES: Readonly<Record<string, RegExp>> = {
  'saved-model': /(?:^|\/)saved_model\.pb$/,
  tflite: /\.tflite$/i,
  'frozen-graph': /(?<!(?:^|\/)(?:saved_model|fingerprint))\.pb$/i,
};

export async function extractedModel(path: string, format: string): Promise<ExtractedModel> {
  const isFolder = (await stat(path)).isDirectory();
  const source = await openSource(path);
  const files = await source.list();
  const isFolderFormat = format === 'saved-model';
  // A single file that is not an archive.
  if (!isFolder && files.length === 1 && files[0] === basename(path)) {
    return inPlace(isFolderFormat ? dirname(path) : path);
  }
  const file = modelFile(source.name, files, format);
  const inside = isFolderFormat ? folderOf(file) : file;
  return isFolder ? inPlace(join(path, inside)) : extract(source, inside);
}

function modelFile(name: string, files: readonly string[], format: string): string {
  const [file, ...others] = files.filter(path => FILES[format]?.test(path) === true);
  if (file !== undefined && others.length === 0) return file;
  const problem = file === undefined ? 'is not a model that OpenVINO can read' : `contains ${others.length + 1} models`;
  throw new DecantError(file === undefined ? 'unsupported' : 'invalid-argument', `'${name}' ${problem}`, {
    remedy: 'Use the file or folder of the model itself.',
  });
}

const inPlace = (path: string): ExtractedModel => ({ path, [Symbol.asyncDispose]: () => Promise.resolve() });

async function extract(source: Source, inside: string): Promise<ExtractedModel> {
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
