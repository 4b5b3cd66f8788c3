import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DecantError } from '../errors.ts';
import { guardFile } from './exit-cleanup.ts';

export interface NewFile {
  readonly path: string;
  /** The content, in pieces that are written one behind the other. */
  readonly parts: Iterable<Uint8Array>;
}

/**
 * Writes files that belong together: each is written beside its place, and all of them move there once all are whole, so
 * that nobody ever finds half of one. Folders that are missing are made.
 *
 * @throws DecantError `io`; what stood there before still stands there then
 */
export async function writeFiles(files: readonly NewFile[]): Promise<void> {
  const written: { readonly from: string; readonly to: string; readonly release: () => void }[] = [];
  let current = '';
  try {
    for (const { path, parts } of files) {
      current = path;
      const from = await placeBeside(path);
      written.push({ from, to: path, release: guardFile(from) });
      await writeParts(from, parts);
    }
    for (const { from, to } of written) {
      current = to;
      await rename(from, to);
    }
  } catch (thrown) {
    await Promise.all(written.map(({ from }) => rm(from, { force: true }).catch(() => undefined)));
    throw writeError(current, thrown);
  } finally {
    for (const { release } of written) release();
  }
}

/** The path of a new file beside `path`, which can be written: its folder is there, and no folder stands in its place. */
export async function placeBeside(path: string): Promise<string> {
  await makeFolder(dirname(path));
  await refuseFolder(path);
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
}

/** Makes the folder that `path` lies in, and those above it. @throws DecantError `io` */
export async function makeFolderOf(path: string): Promise<void> {
  await makeFolder(dirname(path)).catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
}

/** Node's own recursive way reports a read-only file system as a missing folder. */
async function makeFolder(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  // A file there shows when something is written below it.
  if (facts !== undefined) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch((thrown: unknown) => {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  });
}

/** A folder of the same name would stop only the last step, when other files have moved to their places already. */
async function refuseFolder(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory() !== true) return;
  throw new DecantError('io', `cannot write '${path}': there is a folder of this name`, {
    remedy: 'Choose another path.',
  });
}

/** Small parts are joined up to this size: a write for each of thousands of constants costs more than the copy. */
const BATCH = 1 << 20;

async function writeParts(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  // Created on the spot: from another thread it could appear just after an interruption removed all that is unfinished.
  closeSync(openSync(path, 'wx'));
  await using file = await open(path, 'r+');
  const batch = new Uint8Array(BATCH);
  let filled = 0;
  const flush = async (): Promise<void> => {
    await writeAll(file, batch.subarray(0, filled));
    filled = 0;
  };
  for (const part of parts) {
    if (filled + part.byteLength > BATCH) await flush();
    if (part.byteLength > BATCH) {
      await writeAll(file, part);
    } else {
      batch.set(part, filled);
      filled += part.byteLength;
    }
  }
  await flush();
}

/** One write may take less than all of the bytes. */
export async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.byteLength - at);
    at += bytesWritten;
  }
}

/** Why the file system refuses, and what helps, by its error codes. */
const REASONS: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space, or choose another folder.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, or choose another folder.'],
  EROFS: ['the file system is read-only', 'Choose another folder.'],
  EACCES: ['this user may not write there', 'Choose another folder.'],
  EPERM: ['this user may not write there', 'Choose another folder.'],
  ENOENT: ['the system makes no file or folder there', 'Choose another folder.'],
  ENOTDIR: ['a part of the path is a file', 'Choose another path.'],
};

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '');

/** What the file system threw, as an error about `path`; anything else, which comes from whoever makes the parts, as it is. */
export function writeError(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || codeOf(thrown) === '' || thrown instanceof DecantError) return thrown;
  const [why, remedy] = REASONS[codeOf(thrown)] ?? [thrown.message];
  return new DecantError('io', `cannot write '${path}': ${why}`, {
    cause: thrown,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
