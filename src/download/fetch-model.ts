import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { DecantError } from '../errors.ts';
import { makeFolderOf, writeError } from '../platform/write-files.ts';
import { checkDownload, checkChecksum, sha256Of } from './check-file.ts';
import { weightFilesOf } from './weight-files.ts';
import type { DownloadOptions, DownloadProgress } from './options.ts';
import { fetchFile } from './fetch-file.ts';
import { type HttpClient, httpClient, withoutUser } from './http-client.ts';
import type { ModelAddress } from './model-address.ts';
import { type Checksum, listedFiles, writeChecksums } from './checksums.ts';

interface FetchModelOptions extends DownloadOptions {
  readonly mayReplace: boolean;
}

/** A complete file, not yet at its target. */
export interface FetchedFile {
  readonly part: string;
  readonly target: string;
  readonly checksum: Checksum;
}

/** Bytes; the largest published detectors have 1.5 GB. */
const MAX_BYTES = 4e9;

/** Returns the model's files, the model first. */
export async function fetchModel(
  { url, file }: ModelAddress,
  path: string,
  part: string,
  options: FetchModelOptions,
): Promise<readonly FetchedFile[]> {
  const client = await httpClient(options.timeout ?? TIMEOUT);
  let { maxBytes = MAX_BYTES } = options;
  const fetchNext = async (from: URL, name: string, to: string, target: string): Promise<FetchedFile> => {
    const fetched = await fetchOne(client, from, name, to, target, { ...options, maxBytes });
    maxBytes -= (await stat(to)).size;
    return fetched;
  };
  try {
    const model = await fetchNext(url, file, part, path);
    if (options.sha256 !== undefined) checkChecksum(withoutUser(url), options.sha256, model.checksum.sha256);
    const files = [model];
    for (const weightFile of await weightFilesOf(part, file, url)) {
      const target = join(dirname(path), weightFile.file);
      if (!options.mayReplace) await checkOverwrite(target, path);
      await makeFolderOf(target);
      const weightPart = join(dirname(target), `.${basename(target)}.part`);
      files.push(await fetchNext(weightFile.url, weightFile.file, weightPart, target));
    }
    return files;
  } finally {
    await client.close();
  }
}

/**
 * Moves the files to their targets. The model is the last one: with it, the download is complete, and its part, whose name
 * keeps other processes waiting, is gone. Its checksums are there before, so that a later run knows its files.
 */
export async function placeFiles(files: readonly FetchedFile[], url: string): Promise<void> {
  const [model, ...weights] = files;
  const { target } = model!;
  for (const each of files) await rm(infoPathOf(each.target), { force: true });
  // An older model would seem to belong to the new checksums.
  await onDisk(target, () => rm(target, { force: true }));
  const checksums = files.map(({ checksum }) => checksum);
  await writeChecksums(target, url, checksums);
  for (const each of [...weights, model!]) await onDisk(each.target, () => rename(each.part, each.target));
}

const TIMEOUT = 30_000;

const infoPathOf = (target: string): string => join(dirname(target), `.${basename(target)}.part.json`);

async function fetchOne(
  client: HttpClient,
  url: URL,
  file: string,
  part: string,
  target: string,
  options: DownloadOptions & { readonly maxBytes: number },
): Promise<FetchedFile> {
  const { retries = 5, retryDelay = 500, timeout = TIMEOUT, maxBytes, signal, onProgress, onRetry } = options;
  const report = (phase: DownloadProgress['phase'], done: number, total: number | undefined): void =>
    onProgress?.({ phase, file, done, total });
  const infoPath = infoPathOf(target);
  const resumed = await fetchFile(url, part, infoPath, {
    ...{ client, retries, retryDelay, timeout, maxBytes, signal, onRetry },
    onBytes: (done, total) => report('download', done, total),
  }).catch(async (thrown: unknown) => {
    const stats = await stat(part).catch(() => undefined);
    if (stats === undefined || stats.size === 0) await rm(infoPath, { force: true });
    throw thrown;
  });
  const { size } = await stat(part);
  report('check', size, size);
  try {
    await checkDownload(part, withoutUser(url));
  } catch (thrown) {
    // A resumed file may be a mix of two, and is downloaded again.
    await rm(part, { force: true });
    await rm(infoPath, { force: true });
    if (resumed) return fetchOne(client, url, file, part, target, options);
    throw thrown;
  }
  return { part, target, checksum: { file, sha256: await sha256Of(part) } };
}

export async function copyModel(
  from: string,
  path: string,
  modelPart: string,
  checksums: readonly Checksum[],
): Promise<readonly FetchedFile[]> {
  const files: FetchedFile[] = [];
  for (const checksum of checksums) {
    const { file } = checksum;
    const target = join(dirname(path), file);
    await makeFolderOf(target);
    const part = target === path ? modelPart : join(dirname(target), `.${basename(target)}.part`);
    await onDisk(target, () => copyFile(join(dirname(from), file), part));
    files.push({ part, target, checksum });
  }
  // The model first, as in the checksums.
  return files;
}

async function onDisk(target: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    throw writeError(target, thrown);
  }
}

/** Files that an interrupted download has moved already are listed in its checksums. */
export async function checkOverwrite(path: string, model = path): Promise<void> {
  if ((await stat(path).catch(() => undefined)) === undefined) return;
  if ((await listedFiles(model)).includes(relative(dirname(model), path))) return;
  throw new DecantError('invalid-argument', `'${path}' already exists and was not downloaded by decant`, {
    remedy: 'Choose another folder, or replace it with --force.',
  });
}
