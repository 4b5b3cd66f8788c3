import { DecantError } from '../errors.ts';
import { resolvePath } from './paths.ts';

/** A SavedModel has dozens of files and a sharded TF.js model hundreds. */
export const MAX_ENTRIES = 10_000;
/** TensorFlow writes no message beyond 2 GiB, and all weights of a detector are a tenth of it. */
export const MAX_ENTRY_BYTES = 2 ** 31;
/** Several exports of one model may share an archive; what lies above would not fit into memory. */
export const MAX_TOTAL_BYTES = 2 ** 32;
/** Weights shrink to no less than a half and graphs to a twentieth: only an archive made to hurt goes far beyond. */
export const MAX_RATIO = 200;
/** Up to this much output the ratio is not looked at: a model of zeros is no attack. */
export const MIN_RATIO_BYTES = 2 ** 26;

const UNPACK = 'Unpack the archive and give the folder of the model.';

export interface ArchiveRules {
  /**
   * Lets a file in and gives its path as sources spell it.
   * @throws DecantError `malformed` for a name that leaves the archive or comes twice, `limit`
   */
  admit(name: string, size: number): string;
  /** @throws DecantError `limit` when `packed` bytes became far more than a model's do */
  checkRatio(packed: number, unpacked: number): void;
}

/** What files an archive may hold. It is never unpacked to a disk, so that this guards memory and meaning only. */
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
        throw new DecantError('malformed', `'${archive}' holds '${name}', which lies outside of the archive`);
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

/** An archive that its library cannot read. */
export function brokenArchive(archive: string, kind: string, thrown: unknown): DecantError {
  if (thrown instanceof DecantError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new DecantError('malformed', `'${archive}' is not a whole ${kind} archive: ${reason}`, {
    cause: thrown,
    remedy: 'Get the archive again: it may be an incomplete download.',
  });
}
