import { unzipSync } from 'fflate';
import { DecantError } from '../errors.ts';
import { crc32 } from '../wire/crc32.ts';
import { archiveRules, brokenArchive } from './archive-rules.ts';
import { type Entry, entrySource } from './memory-source.ts';
import type { Source } from './source.ts';
import { zipChecksums } from './zip-checksums.ts';

export function zipSource(name: string, archive: Uint8Array): Source {
  const rules = archiveRules(name);
  const entries = new Map<string, Entry>();
  let checksums: readonly number[] | undefined;
  let count = 0;
  try {
    unzipSync(archive, {
      filter: ({ name: entryName, size: packed, originalSize: size }) => {
        checksums ??= zipChecksums(archive);
        const checksum = checksums[count++];
        if (!entryName.endsWith('/')) {
          // Some Windows tools write backslashes, in violation of the format.
          const path = rules.admit(entryName.replaceAll('\\', '/'), size);
          rules.checkRatio(packed, size);
          let bytes: Uint8Array | undefined;
          entries.set(path, { size, bytes: () => (bytes ??= inflate(name, archive, { entryName, size, checksum })) });
        }
        return false;
      },
    });
  } catch (thrown) {
    throw brokenArchive(name, 'zip', thrown);
  }
  return entrySource(name, entries);
}

interface ZipEntry {
  readonly entryName: string;
  readonly size: number;
  readonly checksum: number | undefined;
}

function inflate(name: string, archive: Uint8Array, { entryName, size, checksum }: ZipEntry): Uint8Array {
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
  if (crc32(bytes) !== checksum) throw brokenArchive(name, 'zip', `'${entryName}' does not match its checksum`);
  return bytes;
}
