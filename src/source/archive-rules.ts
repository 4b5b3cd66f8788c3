import { DecantError } from '../errors.ts';
import { resolvePath } from './paths.ts';

/** Sharded TF.js models have hundreds of files. */
export const MAX_ENTRIES = 10_000;
/** The protobuf limit; the weights of a detector are a tenth of it. */
export const MAX_ENTRY_BYTES = 2 ** 31;
/** Archives are held in memory, and may contain several exports of a model. */
const MAX_TOTAL_BYTES = 2 ** 32;
/** Weights compress at most 2:1, graphs 20:1; a much higher ratio indicates a zip bomb. */
const MAX_RATIO = 200;
export const MIN_RATIO_BYTES = 2 ** 26;

const UNPACK = 'Unpack the archive and pass the model folder.';

export interface ArchiveRules {
  admit(name: string, size: number): string;
  checkRatio(packed: number, unpacked: number): void;
}

/** Archives are not unpacked to disk, so the rules protect memory only. */
export function archiveRules(archive: string): ArchiveRules {
  const paths = new Set<string>();
  let total = 0;
  const refuse = (what: string): never => {
    throw new DecantError('limit', `'${archive}' holds ${what}`, { remedy: UNPACK });
  };
  return {
    admit(name, size) {
      const path = resolvePath('', name);
      if (path === undefined) {
        throw new DecantError('malformed', `'${archive}' holds '${name}', which is outside the archive`);
      }
      if (paths.has(path)) throw new DecantError('malformed', `'${archive}' holds '${path}' twice`);
      paths.add(path);
      total += size;
      if (paths.size > MAX_ENTRIES) refuse(`more than ${MAX_ENTRIES} files`);
      if (size > MAX_ENTRY_BYTES) refuse(`'${path}' of ${size} bytes, more than ${MAX_ENTRY_BYTES}`);
      if (total > MAX_TOTAL_BYTES) refuse(`more than ${MAX_TOTAL_BYTES} bytes`);
      return path;
    },
    checkRatio(packed, unpacked) {
      if (unpacked > MIN_RATIO_BYTES && unpacked > packed * MAX_RATIO) {
        refuse(`data that expands more than ${MAX_RATIO} times`);
      }
    },
  };
}

export function brokenArchive(archive: string, kind: string, thrown: unknown): DecantError {
  if (thrown instanceof DecantError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new DecantError('malformed', `'${archive}' is not a complete ${kind} archive: ${reason}`, {
    cause: thrown,
    remedy: 'Download the archive again: it may be incomplete.',
  });
}
