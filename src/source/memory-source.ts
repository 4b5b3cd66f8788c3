import { checkArgument, iterable, kind, listOf, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import type { Source } from './source.ts';

export interface Entry {
  readonly size: number;
  bytes(): Uint8Array;
}

/**
 * Creates a source of files in memory, by path.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { convertModel, memorySource } from 'decant';
 *
 * const source = memorySource('model', [['frozen.pb', await readFile('frozen.pb')]]);
 * await convertModel(source);
 * ```
 */
export function memorySource(name: string, files: Iterable<readonly [string, Uint8Array]>): Source {
  checkArgument(name, 'the name', text);
  checkArgument(files, 'the files', iterable, PAIRS);
  const list = [...files];
  checkArgument(list, 'the files', listOf(pair), PAIRS);
  return entrySource(
    name,
    new Map(list.map(([path, bytes]) => [path, { size: bytes.byteLength, bytes: () => bytes }])),
  );
}

const PAIRS = 'Pass pairs of a path and bytes: [[path, bytes]].';

const pair = kind('a path and bytes', value => {
  return Array.isArray(value) && typeof value[0] === 'string' && value[1] instanceof Uint8Array;
});

export function entrySource(name: string, entries: ReadonlyMap<string, Entry>): Source {
  const paths = [...entries.keys()].sort();
  const find = (path: string): Entry => {
    const entry = entries.get(path);
    if (entry === undefined) throw missingFile(name, path);
    return entry;
  };
  return {
    name,
    list: () => Promise.resolve(paths),
    size: async path => Promise.resolve(find(path).size),
    read: async (path, start, end) => {
      const bytes = find(path).bytes();
      const [from, to] = checkRange(path, bytes.byteLength, start, end);
      return Promise.resolve(bytes.subarray(from, to));
    },
    open: async path => {
      const bytes = find(path).bytes();
      const { byteLength } = bytes;
      return Promise.resolve({ byteLength, inMemory: true, bytes: (start, end) => bytes.subarray(start, end) });
    },
  };
}

export const missingFile = (source: string, path: string): DecantError =>
  new DecantError('not-found', `'${source}' holds no file '${path}'`);

export function checkRange(path: string, size: number, start = 0, end = size): readonly [number, number] {
  if (!(start >= 0 && start <= end && end <= size)) {
    throw new DecantError('malformed', `'${path}' is too short: it has ${size} bytes, expected at least ${end}`, {
      remedy: 'Download the file again: it may be incomplete.',
    });
  }
  return [start, end];
}
