import { DecantError } from '../errors.ts';
import { type Bytes, isBytes, readBytes } from '../source/bytes.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { gunzip } from '../source/gunzip.ts';
import { memorySource } from '../source/memory-source.ts';
import { resolvePath } from '../source/paths.ts';
import type { Source } from '../source/source.ts';

/**
 * A model in memory: a single file or archive (`.tar.gz`, `.zip`), or several files: the `File`s of a form, or bytes by
 * path.
 */
export type ModelBytes =
  Bytes | Iterable<File> | Iterable<readonly [path: string, bytes: Bytes]> | Readonly<Record<string, Bytes>>;

type Files = readonly (readonly [path: string, bytes: Uint8Array])[];

const DEFAULT_NAME = 'model';

/**
 * Opens a model in memory.
 *
 * @param name of the model; by default, that of the only file, or of the folder of all files
 * @throws DecantError `invalid-argument` for anything but bytes, `not-a-model` without files
 */
export async function openModelBytes(model: ModelBytes, name?: string): Promise<Source> {
  const files = await filesOf(model);
  const [only, ...others] = files;
  if (only === undefined) throw new DecantError('not-a-model', 'there are no files to convert');
  if (others.length === 0) return bytesSource(name ?? only[0], only[1], gunzip);
  return memorySource(name ?? commonFolder(files) ?? DEFAULT_NAME, files);
}

/** Returns the outermost folder, if all files are in it. */
function commonFolder(files: Files): string | undefined {
  const folders = new Set(files.map(([path]) => /^[^/]+(?=\/)/.exec(path)?.[0]));
  return folders.size === 1 ? [...folders][0] : undefined;
}

async function filesOf(model: ModelBytes): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  for (const [given, bytes] of entriesOf(model)) {
    const path = resolvePath('', given);
    if (path === undefined || !isBytes(bytes)) throw notBytes();
    if (files.has(path)) throw new DecantError('invalid-argument', `the file '${path}' is given twice`);
    files.set(path, await readBytes(bytes, path));
  }
  return [...files];
}

function entriesOf(model: unknown): readonly (readonly [path: string, bytes: unknown])[] {
  if (isBytes(model)) return [model instanceof File ? entryOf(model) : [DEFAULT_NAME, model]];
  if (typeof model !== 'object' || model === null) throw notBytes();
  return isIterable(model) ? Array.from(model, entryOf) : Object.entries(model);
}

const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value;

/** Files of a folder have their path below it in `webkitRelativePath`, which Node's type lacks. */
function entryOf(entry: unknown): readonly [path: string, bytes: unknown] {
  if (entry instanceof File) {
    const { webkitRelativePath: path } = entry as File & { readonly webkitRelativePath?: string };
    return [path === undefined || path === '' ? entry.name : path, entry];
  }
  if (Array.isArray(entry) && typeof entry[0] === 'string') return [entry[0], entry[1]];
  throw notBytes();
}

const notBytes = (): DecantError =>
  new DecantError('invalid-argument', 'the model is neither bytes nor files with relative paths', {
    remedy: 'Pass a Uint8Array, a File, or files by path: { "model.json": bytes, "weights.bin": bytes }.',
  });
