import { checkOptions, text } from '../check.ts';
import { toIr } from '../convert.ts';
import { DecantError } from '../errors.ts';
import { labelLines } from '../labels/label-list.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { type Bytes, isBytes, readBytes } from '../source/bytes.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { gunzip } from '../source/gunzip.ts';
import { memorySource } from '../source/memory-source.ts';
import { resolvePath } from '../source/paths.ts';
import type { Source } from '../source/source.ts';
import { CONVERT_OPTIONS } from './check-convert-options.ts';
import { type ConvertModelOptions, convertSource } from './convert-source.ts';

/**
 * A model in memory: a single file or archive (`.tar.gz`, `.zip`), or several files: the `File`s of a form, or bytes by
 * path.
 */
export type ModelBytes =
  Bytes | Iterable<File> | Iterable<readonly [path: string, bytes: Bytes]> | Readonly<Record<string, Bytes>>;

/** Options of `convertBytes`. */
export interface ConvertBytesOptions extends ConvertModelOptions {
  /** Name of the model in the IR and in errors; by default, that of the only file, or of the folder of all files. */
  readonly name?: string | undefined;
}

/** The files of an IR. */
export interface ConvertedBytes {
  readonly name: string;
  readonly xml: string;
  readonly bin: Uint8Array;
  /** Class names, one per line, for a `.labels.txt`; undefined if they are not known. */
  readonly labels: string | undefined;
  readonly notes: readonly string[];
}

/**
 * Converts a TensorFlow model from bytes to bytes, without files: in browsers, workers, and wherever Node's modules are
 * missing. The result equals what `convertModel` and `saveModel` write.
 *
 * @throws DecantError `invalid-argument` for something else than bytes, and the errors of `convertModel`
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { convertBytes } from 'decant/convert';
 *
 * const files = { 'model.json': await readFile('centernet.json'), 'centernet.bin': await readFile('centernet.bin') };
 * const { xml, bin } = await convertBytes(files, {
 *   onStep: ({ name, progress }) => console.log(name, `${Math.round(100 * progress)} %`),
 * });
 * console.log(xml.length, bin.byteLength);
 * ```
 */
export async function convertBytes(model: ModelBytes, options: ConvertBytesOptions = {}): Promise<ConvertedBytes> {
  checkOptions(options, { ...CONVERT_OPTIONS, name: text });
  const { name, ...rest } = options;
  const converted = await convertSource(await openModel(await filesOf(model), name), undefined, rest);
  const { xml, bin } = toIr(converted.conversion.graph, converted.rtInfo);
  return {
    name: converted.name,
    xml,
    bin: joinBin(bin),
    labels: converted.labels && labelLines(converted.labels),
    notes: converted.conversion.notes,
  };
}

type Files = readonly (readonly [path: string, bytes: Uint8Array])[];

const DEFAULT_NAME = 'model';

async function openModel(files: Files, name: string | undefined): Promise<Source> {
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
    if (files.has(path)) throw new DecantError('invalid-argument', `the file '${path}' is there twice`);
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
