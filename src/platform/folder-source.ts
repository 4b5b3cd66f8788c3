import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { DecantError } from '../errors.ts';
import { checkRange, missingFile } from '../source/memory-source.ts';
import type { OpenFile, Source } from '../source/source.ts';
import { fileError } from './file-error.ts';
import { openFile as openRegularFile } from './open-file.ts';

/** More than any model has: listing a whole disk by mistake would take minutes. */
export const MAX_FILES = 10_000;

/** Node reads less than 2 GiB per call. */
const MAX_READ = 2 ** 30;

/** Lists files recursively, without hidden ones. Follows links to files, but not to folders. */
export function folderSource(path: string): Source {
  let paths: Promise<readonly string[]> | undefined;
  return {
    name: path,
    list: () => (paths ??= listFiles(path)),
    size: file => withFile(path, file, (_, size) => Promise.resolve(size)),
    read: (file, start, end) =>
      withFile(path, file, (handle, size) => readRange(handle, ...checkRange(file, size, start, end))),
    open: file => withFile(path, file, (_, byteLength) => Promise.resolve(openFile(resolve(path, file), byteLength))),
  };
}

/** Other files in its folder can be read by name, but are not listed. */
export const fileSource = (path: string): Source => ({
  ...folderSource(dirname(path)),
  name: path,
  list: () => Promise.resolve([basename(path)]),
});

async function listFiles(root: string): Promise<readonly string[]> {
  const files: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await linksToFile(join(root, path))))) files.push(path);
      if (files.length > MAX_FILES) {
        throw new DecantError('limit', `'${root}' contains more than ${MAX_FILES} files`, {
          remedy: 'Use the folder of the model itself.',
        });
      }
    }
  };
  try {
    await visit('');
  } catch (thrown) {
    throw fileError(root, thrown);
  }
  return files.sort();
}

const linksToFile = (path: string): Promise<boolean> =>
  stat(path).then(
    stats => stats.isFile(),
    () => false,
  );

async function withFile<T>(
  root: string,
  file: string,
  work: (handle: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  const path = resolve(root, file);
  const inside = relative(resolve(root), path);
  if (inside.startsWith('..') || isAbsolute(inside)) throw missingFile(root, file);
  try {
    await using handle = await openRegularFile(path);
    return await work(handle, (await handle.stat()).size);
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

/** Reopens the file for each read, so that it need not be closed. */
const openFile = (path: string, byteLength: number): OpenFile => ({
  byteLength,
  inMemory: false,
  bytes(start, end, allocate = byteLength => new ArrayBuffer(byteLength)) {
    const bytes = new Uint8Array(allocate(end - start), 0, end - start);
    try {
      const file = openSync(path, 'r');
      try {
        if (fstatSync(file).size !== byteLength)
          throw new DecantError('io', 'the file changed while it was being read');
        for (let at = 0; at < bytes.byteLength;) {
          const count = readSync(file, bytes, at, Math.min(MAX_READ, bytes.byteLength - at), start + at);
          if (count === 0) throw new DecantError('io', 'the file was truncated while it was being read');
          at += count;
        }
      } finally {
        closeSync(file);
      }
    } catch (thrown) {
      throw fileError(path, thrown);
    }
    return bytes;
  },
});

async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.byteLength) {
    const { bytesRead } = await handle.read(
      bytes,
      filled,
      Math.min(MAX_READ, bytes.byteLength - filled),
      start + filled,
    );
    if (bytesRead === 0) throw new DecantError('io', 'the file was truncated while it was being read');
    filled += bytesRead;
  }
  return bytes;
}
