import { readFile, stat } from 'node:fs/promises';
import { DecantError } from '../errors.ts';
import { isIr } from '../platform/is-ir.ts';
import { resolvePath } from '../source/paths.ts';

/** A file that a model does not work without, as a path beside it. */
export interface WeightFile {
  readonly file: string;
  readonly url: URL;
}

/** A graph of this size would have millions of nodes. */
const LARGEST_JSON = 2 ** 28;
/** The largest models of TensorFlow.js are cut into hundreds of pieces. */
const MOST_COMPANIONS = 1000;

/**
 * What belongs to the model file at `path`, which was downloaded from `url` to be called `file`: the weights that a
 * `model.json` of TensorFlow.js names, or the `.bin` of an IR.
 *
 * @throws DecantError `malformed` for names that lie outside of the model's folder, `limit`
 */
export async function weightFilesOf(path: string, file: string, url: URL): Promise<readonly WeightFile[]> {
  const names = (await isIr(path)) ? [`${file.replace(/\.[^.]*$/, '')}.bin`] : await weightsIn(path);
  if (names.length > MOST_COMPANIONS) {
    throw new DecantError('limit', `'${file}' names more than ${MOST_COMPANIONS} files of weights`);
  }
  return names.map(name => {
    const inside = resolvePath('', name);
    if (inside === undefined || inside === file || /[\\:]/.test(inside)) {
      throw new DecantError('malformed', `'${file}' names '${name}' as weights, which is no file beside it`);
    }
    const place = new URL(inside.split('/').map(encodeURIComponent).join('/'), url);
    // What the query says of the model, a signature for example, holds for its weights.
    place.search = url.search;
    [place.username, place.password] = [url.username, url.password];
    return { file: inside, url: place };
  });
}

async function weightsIn(path: string): Promise<readonly string[]> {
  if ((await stat(path)).size > LARGEST_JSON) return [];
  const bytes = await readFile(path);
  if (!/^\s*\{/.test(bytes.toString('latin1', 0, 64))) return [];
  try {
    const { weightsManifest } = JSON.parse(bytes.toString('utf8')) as { readonly weightsManifest?: unknown };
    return Array.isArray(weightsManifest) ? weightsManifest.flatMap(pathsOf) : [];
  } catch {
    // The reader of the model says what is wrong with it.
    return [];
  }
}

function pathsOf(group: unknown): readonly string[] {
  const paths: unknown = typeof group === 'object' && group !== null && 'paths' in group ? group.paths : [];
  return Array.isArray(paths) ? paths.filter(path => typeof path === 'string') : [];
}
