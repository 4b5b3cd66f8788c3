import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DecantError } from '../errors.ts';
import { exists } from './exists.ts';
import { guardFile } from './exit-cleanup.ts';

export interface NewFile {
  readonly path: string;
  readonly parts: Iterable<Uint8Array>;
}

/**
 * Writes files under temporary names first, and renames them when all are complete. Creates missing folders. On
 * failure, existing files are kept.
 */
export async function writeFiles(files: readonly NewFile[]): Promise<void> {
  const written: { readonly from: string; readonly to: string; readonly release: () => void }[] = [];
  let current = '';
  try {
    for (const { path, parts } of files) {
      current = path;
      const from = await temporaryPath(path);
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

export async function temporaryPath(path: string): Promise<string> {
  await makeFolder(dirname(path));
  await checkNotFolder(path);
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
}

export async function makeFolderOf(path: string): Promise<void> {
  await makeFolder(dirname(path)).catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
}

/** Node's recursive `mkdir` reports a read-only file system as a missing folder. */
async function makeFolder(path: string): Promise<void> {
  if (await exists(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch((thrown: unknown) => {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  });
}

/** Otherwise only the final rename would fail, after other files were renamed. */
async function checkNotFolder(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) return;
  throw new DecantError('io', `cannot write '${path}': it is a folder`, {
    remedy: 'Choose another path.',
  });
}

/** Small parts are joined up to this size, because thousands of small writes cost more than the copy. */
const BATCH = 1 << 20;

async function writeParts(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  // Synchronous: a thread could create the file just after an interruption has removed unfinished files.
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

/** A single write may be partial. */
export async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.byteLength - at);
    at += bytesWritten;
  }
}

const REASONS: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space, or choose another folder.'],
  EDQUOT: ['the disk quota is exceeded', 'Free some space, or choose another folder.'],
  EROFS: ['the file system is read-only', 'Choose another folder.'],
  EACCES: ['permission denied', 'Choose another folder.'],
  EPERM: ['permission denied', 'Choose another folder.'],
  ENOENT: ['the folder cannot be created', 'Choose another folder.'],
  ENOTDIR: ['a part of the path is a file', 'Choose another path.'],
};

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '');

/** Returns other errors unchanged. */
export function writeError(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || codeOf(thrown) === '' || thrown instanceof DecantError) return thrown;
  const [reason, remedy] = REASONS[codeOf(thrown)] ?? [thrown.message];
  return new DecantError('io', `cannot write '${path}': ${reason}`, {
    cause: thrown,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
