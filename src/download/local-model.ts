import { stat } from 'node:fs/promises';
import { DecantError } from '../errors.ts';
import type { DownloadOptions } from './options.ts';
import { addressOf } from './model-address.ts';
import { nearestZooNames } from './zoo.ts';

/**
 * The path of what a user calls a model: a path as it is, or a name or URL, which is downloaded first.
 *
 * @throws DecantError `not-found` for a path where nothing is and that is like the name of a model; those of `downloadModel`
 */
export async function localModel(model: string, options: DownloadOptions = {}): Promise<string> {
  // A file comes before a model of the same name: paths have always meant files.
  if (await isThere(model)) return model;
  if (addressOf(model) !== undefined) {
    const { downloadModel } = await import('./download-model.ts');
    return (await downloadModel(model, options)).path;
  }
  const near = nearestZooNames(model);
  if (near.length === 0 && /[/\\.]/.test(model)) return model;
  throw new DecantError('not-found', `there is no file or folder '${model}'`, {
    remedy:
      near.length === 0
        ? 'Models that have a name are listed by `decant download --list`.'
        : `Did you mean the model ${near.join(', or ')}?`,
  });
}

/** Whoever opens a path that may not be looked at says why. */
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (thrown: unknown) =>
      !(thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')),
  );
