import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DecantError } from '../errors.ts';
import { nearPathsHint } from '../platform/near-paths.ts';
import type { DownloadOptions } from './options.ts';
import { addressOf } from './model-address.ts';
import { nearestZooNames } from './zoo.ts';

/** `model.ckpt-1234.index`, `model.ckpt-1234.data-00000-of-00001` */
const CHECKPOINT_FILE = /^(.+)\.(?:index|data-\d{5}-of-\d{5})$/;

/** Similarity of names of models that are suggested beside files. */
const SURE = 0.75;

/** Accepts a path, also the prefix or any file of a TensorFlow 1 checkpoint (`model.ckpt-1234`), or a name or URL, whose model is downloaded first. */
export async function localModel(model: string, options: DownloadOptions = {}): Promise<string> {
  // A file wins over a model of the same name.
  if (await mayExist(model)) return graphBeside(model);
  const meta = `${model}.meta`;
  if (await isFile(meta)) return meta;
  if (await isFile(`${model}.index`)) {
    throw new DecantError('not-a-model', `'${model}' is a checkpoint without its graph: there is no '${meta}'`, {
      remedy: 'Pass a SavedModel or a frozen graph of the same model, or put the .meta file beside the checkpoint.',
    });
  }
  if (addressOf(model) !== undefined) {
    const { downloadModel } = await import('./download-model.ts');
    return (await downloadModel(model, options)).path;
  }
  const files = nearPathsHint(model, isModelName);
  const names = nearestZooNames(basename(model), files === '' ? undefined : SURE).join(', or ');
  // The readers say so, too.
  if (files === '' && names === '' && /[/\\.]/.test(model)) return model;
  const models = `${files === '' ? 'Did you mean' : 'Or'} the model ${names}?`;
  const none = files === '' ? 'See `decant download --list` for the names of models.' : '';
  throw new DecantError('not-found', `'${model}' does not exist`, {
    remedy: `${files}${names === '' ? none : models}`.trim(),
  });
}

/** Folders have no ending, mostly. */
const isModelName = (name: string): boolean =>
  !name.includes('.') || /\.(?:json|pb|pbtxt|meta|xml|tflite|tar|gz|tgz|zip)$|\.ckpt\b|_\w*\d\.\d/i.test(name);

/** Returns the .meta file of the checkpoint that a file belongs to; the file itself if there is none. */
async function graphBeside(file: string): Promise<string> {
  const prefix = CHECKPOINT_FILE.exec(file)?.[1];
  return prefix !== undefined && (await isFile(`${prefix}.meta`)) ? `${prefix}.meta` : file;
}

/** Other errors are reported when the path is opened. */
const mayExist = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (thrown: unknown) =>
      !(thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')),
  );

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    stats => stats.isFile(),
    () => false,
  );
