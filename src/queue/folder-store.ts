import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../platform/file-error.ts';
import { readTextFile } from '../platform/read-text-file.ts';
import { writeFiles } from '../platform/write-files.ts';
import type { ResultStore } from './result-store.ts';

/** A folder of this machine, or one that several share. */
export const folderStore = (folder: string): ResultStore => ({
  place: folder,
  put: (name, text) => writeFiles([{ path: join(folder, name), parts: [new TextEncoder().encode(text)] }]),
  get: name => readTextFile(join(folder, name)),
  async list(below) {
    try {
      const files = await readdir(join(folder, below));
      return files
        .filter(file => file.endsWith('.json'))
        .sort()
        .map(file => `${below}/${file}`);
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
      throw fileError(join(folder, below), thrown);
    }
  },
});
