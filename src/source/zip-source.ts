import { unzipSync } from 'fflate';
import { DecantError } from '../errors.ts';
import { archiveRules, brokenArchive } from './archive-rules.ts';
import { type Entry, entrySource } from './memory-source.ts';
import type { Source } from './source.ts';

export function zipSource(name: string, archive: Uint8Array): Source {
  const rules = archiveRules(name);
  const entries = new Map<string, Entry>();
  try {
    unzipSync(archive, {
      filter: ({ name: entryName, size: packed, originalSize: size }) => {
        if (!entryName.endsWith('/')) {
          // Some Windows tools write backslashes, in violation of the format.
          const path = rules.admit(entryName.replaceAll('\\', '/'), size);
          rules.checkRatio(packed, size);
          let bytes: Uint8Array | undefined;
          entries.set(path, { size, bytes: () => (bytes ??= inflate(name, archive, entryName, size)) });
        }
        return false;
      },
    });
  } catch (thrown) {
    throw brokenArchive(name, 'zip', thrown);
  }
  return entrySource(name, entries);
}

function inflate(name: string, archive: Uint8Array, entryName: string, size: number): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = unzipSync(archive, { filter: file => file.name === entryName })[entryName];
  } catch (thrown) {
    throw brokenArchive(name, 'zip', thrown);
  }
  if (bytes?.byteLength !== size) {
    throw new DecantError(
      'malformed',
      `'${entryName}' in '${name}' does not unpack to ${size} bytes, its declared size`,
    );
  }
  return bytes;
}
