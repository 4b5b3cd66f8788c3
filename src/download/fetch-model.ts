import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DecantError } from '../errors.ts';
import { makeFolderOf, writeError } from '../platform/write-files.ts';
import { checkDownload, checkChecksum, sha256Of } from './check-file.ts';
import { weightFilesOf } from './weight-files.ts';
import type { DownloadOptions, DownloadProgress } from './options.ts';
import { fetchFile } from './fetch-file.ts';
import { type HttpClient, httpClient, withoutUser } from './http-client.ts';
import type { ModelAddress } from './model-address.ts';
import type { Checksum } from './checksums.ts';

interface FetchModelOptions extends DownloadOptions {
  readonly mayReplace: boolean;
}

interface FetchedFile {
  readonly part: string;
  readonly target: string;
  readonly checksum: Checksum;
}

/** Moves no file to its target before all are complete. */
export async function fetchModel(
  { url, file }: ModelAddress,
  path: string,
  part: string,
  options: FetchModelOptions,
): Promise<readonly Checksum[]> {
  const client = await httpClient(options.timeout ?? 30_000);
  try {
    const model = await fetchOne(client, url, file, part, path, options);
    if (options.sha256 !== undefined) checkChecksum(withoutUser(url), options.sha256, model.checksum.sha256);
    const weights: FetchedFile[] = [];
    for (const weightFile of await weightFilesOf(part, file, url)) {
      const target = join(dirname(path), weightFile.file);
      if (!options.mayReplace) await checkOverwrite(target);
      await makeFolderOf(target);
      const weightPart = join(dirname(target), `.${basename(target)}.part`);
      weights.push(await fetchOne(client, weightFile.url, weightFile.file, weightPart, target, options));
    }
    // The model comes last: if it is present, so are its weights.
    const files = [...weights, model];
    for (const each of files) await onDisk(each.target, () => rename(each.part, each.target));
    for (const each of files) await rm(infoPathOf(each.target), { force: true });
    return [model, ...weights].map(({ checksum }) => checksum);
  } finally {
    await client.close();
  }
}

const infoPathOf = (target: string): string => join(dirname(target), `.${basename(target)}.part.json`);

async function fetchOne(
  client: HttpClient,
  url: URL,
  file: string,
  part: string,
  target: string,
  options: DownloadOptions,
): Promise<FetchedFile> {
  const { retries = 5, retryDelay = 500, signal, onProgress, onRetry } = options;
  const report = (phase: DownloadProgress['phase'], done: number, total: number | undefined): void =>
    onProgress?.({ phase, file, done, total });
  const infoPath = infoPathOf(target);
  const resumed = await fetchFile(url, part, infoPath, {
    ...{ client, retries, retryDelay, signal, onRetry },
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
  checksums: readonly Checksum[],
): Promise<readonly Checksum[]> {
  for (const { file } of checksums.toReversed()) {
    const target = join(dirname(path), file);
    await makeFolderOf(target);
    const part = join(dirname(target), `.${basename(target)}.part`);
    await onDisk(target, () => copyFile(join(dirname(from), file), part));
    await onDisk(target, () => rename(part, target));
  }
  return checksums;
}

async function onDisk(target: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    throw writeError(target, thrown);
  }
}

export async function checkOverwrite(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) === undefined) return;
  throw new DecantError('invalid-argument', `'${path}' already exists and was not downloaded by decant`, {
    remedy: 'Choose another folder, or replace it with --force.',
  });
}
