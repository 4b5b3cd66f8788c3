import { DecantError } from '../errors.ts';
import type { Source } from './source.ts';

/** A file whose bytes are at hand, or can be made, or are withheld for a reason that `bytes` throws. */
export interface Entry {
  readonly size: number;
  bytes(): Uint8Array;
}

/** Files that are in memory, by path. */
export const memorySource = (name: string, files: Iterable<readonly [string, Uint8Array]>): Source =>
  entrySource(name, new Map([...files].map(([path, bytes]) => [path, { size: bytes.byteLength, bytes: () => bytes }])));

/** What every archive becomes. */
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

/** The range to read from a file of `size` bytes. @throws DecantError `malformed` when it is not inside of the file */
export function checkRange(path: string, size: number, start = 0, end = size): readonly [number, number] {
  if (!(start >= 0 && start <= end && end <= size)) {
    throw new DecantError('malformed', `'${path}' is too short: it has ${size} bytes, ${end} are needed`, {
      remedy: 'Get the file again: it may be an incomplete download.',
    });
  }
  return [start, end];
}
