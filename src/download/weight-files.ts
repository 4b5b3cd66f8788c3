import { stat } from 'node:fs/promises';
import { DecantError } from '../errors.ts';
import { isIr } from '../platform/is-ir.ts';
import { readFile } from '../platform/read-file.ts';
import { resolvePath } from '../source/paths.ts';

export interface WeightFile {
  readonly file: string;
  readonly url: URL;
}

/** In bytes: a larger graph would have millions of nodes. */
const MAX_JSON_BYTES = 2 ** 28;
/** The largest TensorFlow.js models have hundreds of shards. */
const MAX_WEIGHT_FILES = 1000;

export async function weightFilesOf(path: string, file: string, url: URL): Promise<readonly WeightFile[]> {
  const names = (await isIr(path)) ? [`${file.replace(/\.[^.]*$/, '')}.bin`] : await weightsIn(path);
  if (names.length > MAX_WEIGHT_FILES) {
    throw new DecantError('limit', `'${file}' refers to more than ${MAX_WEIGHT_FILES} weight files`);
  }
  return names.map(name => {
    const inside = resolvePath('', name);
    if (inside === undefined || inside === file || /[\\:]/.test(inside)) {
      throw new DecantError('malformed', `'${file}' refers to the weights '${name}', which is not a file next to it`);
    }
    const weightUrl = new URL(inside.split('/').map(encodeURIComponent).join('/'), url);
    // The query, for example a signature, applies to the weights, too.
    weightUrl.search = url.search;
    weightUrl.username = url.username;
    weightUrl.password = url.password;
    return { file: inside, url: weightUrl };
  });
}

async function weightsIn(path: string): Promise<readonly string[]> {
  if ((await stat(path)).size > MAX_JSON_BYTES) return [];
  const bytes = await readFile(path);
  if (!/^\s*\{/.test(bytes.toString('latin1', 0, 64))) return [];
  try {
    const { weightsManifest } = JSON.parse(bytes.toString('utf8')) as { readonly weightsManifest?: unknown };
    return Array.isArray(weightsManifest) ? weightsManifest.flatMap(pathsOf) : [];
  } catch {
    // Reported when the model is read.
    return [];
  }
}

function pathsOf(group: unknown): readonly string[] {
  const paths: unknown = typeof group === 'object' && group !== null && 'paths' in group ? group.paths : [];
  return Array.isArray(paths) ? paths.filter(path => typeof path === 'string') : [];
}
