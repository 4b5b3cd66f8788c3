import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DecantError } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import { PendingFile } from './pending-file.ts';
import { writeAll } from './write-all.ts';

export interface NewFile {
  readonly path: string;
  readonly parts: Iterable<Uint8Array>;
}

/**
 * Writes files under temporary names first, and moves them to their paths when all are complete. Creates missing folders. On
 * failure, existing files are kept.
 */
export async function writeFiles(files: readonly NewFile[]): Promise<void> {
  const written: PendingFile[] = [];
  let current = '';
  try {
    for (const { path, parts } of files) {
      current = path;
      const file = await PendingFile.create(path);
      written.push(file);
      await writeParts(file.part, parts);
    }
    for (const [i, file] of written.entries()) {
      current = files[i]!.path;
      await file.place();
    }
  } catch (thrown) {
    await Promise.all(written.map(file => file.discard().catch(() => undefined)));
    throw writeError(current, thrown);
  }
}

export async function makeFolderOf(path: string): Promise<void> {
  await makeFolder(dirname(path)).catch((thrown: unknown) => {
    throw writeError(path, thrown);
  });
}

/** Small parts are joined up to this size, because thousands of small writes cost more than the copy. */
const BATCH = 1 << 20;

async function writeParts(path: string, parts: Iterable<Uint8Array>): Promise<void> {
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
