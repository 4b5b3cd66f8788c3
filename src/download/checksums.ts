import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFiles } from '../platform/write-files.ts';
import { sha256Of } from './check-file.ts';

/** A file of a model as it was downloaded: its path beside the model, and its SHA-256. */
export interface Checksum {
  readonly file: string;
  readonly sha256: string;
}

const sumsOf = (path: string): string => `${path}.sha256`;

/**
 * Notes beside the model at `path` which files it has, itself first: in the form that `sha256sum -c` reads. Whoever finds
 * these sums finds all of the files.
 */
export async function writeChecksums(path: string, url: string, sums: readonly Checksum[]): Promise<void> {
  const text = [`# ${url}`, ...sums.map(({ file, sha256 }) => `${sha256}  ${file}`), ''].join('\n');
  await writeFiles([{ path: sumsOf(path), parts: [new TextEncoder().encode(text)] }]);
}

/** A downloaded model that is there as it was. */
export interface PresentModel {
  readonly sums: readonly Checksum[];
  /** Of all its files. */
  readonly bytes: number;
  /** When it was downloaded, in milliseconds since 1970. */
  readonly since: number;
}

/** The model at `path` with all its files; those that were written to since their sums are compared with them. */
export async function presentModel(path: string): Promise<PresentModel | undefined> {
  const text = await readFile(sumsOf(path), 'utf8').catch(() => '');
  const sums = [...text.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, sha256, file]) => ({
    file: file!,
    sha256: sha256!,
  }));
  const noted = await stat(sumsOf(path)).catch(() => undefined);
  if (sums.length === 0 || noted === undefined) return undefined;
  let bytes = 0;
  for (const { file, sha256 } of sums) {
    const place = join(dirname(path), file);
    const facts = await stat(place).catch(() => undefined);
    if (facts?.isFile() !== true) return undefined;
    if (facts.mtimeMs > noted.mtimeMs && (await sha256Of(place)) !== sha256) return undefined;
    bytes += facts.size;
  }
  return { sums, bytes, since: noted.mtimeMs };
}
