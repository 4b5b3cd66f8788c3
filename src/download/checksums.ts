import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readFile } from '../platform/read-file.ts';
import { writeFiles } from '../platform/write-files.ts';
import { sha256Of } from './check-file.ts';

/** `file` is relative to the folder of the model. */
export interface Checksum {
  readonly file: string;
  readonly sha256: string;
}

/** A model has at most hundreds of files. */
const MAX_BYTES = 2 ** 20;

const checksumsPath = (path: string): string => `${path}.sha256`;

/**
 * Writes the checksums of a model's files next to it, in the format of `sha256sum -c`, the model first. The model is complete
 * when all of its files are there.
 */
export async function writeChecksums(path: string, url: string, checksums: readonly Checksum[]): Promise<void> {
  const text = [`# ${url}`, ...checksums.map(({ file, sha256 }) => `${sha256}  ${file}`), ''].join('\n');
  await writeFiles([{ path: checksumsPath(path), parts: [new TextEncoder().encode(text)] }]);
}

export interface PresentModel {
  readonly checksums: readonly Checksum[];
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly downloadedAt: number;
}

const checksumsIn = async (path: string): Promise<readonly Checksum[]> => {
  const text = await readFile(checksumsPath(path), MAX_BYTES).then(String, () => '');
  return [...text.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, sha256, file]) => ({ file: file!, sha256: sha256! }));
};

export const listedFiles = async (path: string): Promise<readonly string[]> =>
  (await checksumsIn(path)).map(({ file }) => file);

/** Files modified since the download are compared with their checksums. */
export async function presentModel(path: string): Promise<PresentModel | undefined> {
  const checksums = await checksumsIn(path);
  const written = await stat(checksumsPath(path)).catch(() => undefined);
  if (checksums.length === 0 || written === undefined) return undefined;
  let bytes = 0;
  for (const { file, sha256 } of checksums) {
    const target = join(dirname(path), file);
    const stats = await stat(target).catch(() => undefined);
    if (stats?.isFile() !== true) return undefined;
    if (stats.mtimeMs > written.mtimeMs && (await sha256Of(target)) !== sha256) return undefined;
    bytes += stats.size;
  }
  return { checksums, bytes, downloadedAt: written.mtimeMs };
}
