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
  /** Whether a file that decant did not download may be written over. */
  readonly mayReplace: boolean;
}

/** A file that is whole, and not in its place yet. */
interface Fetched {
  readonly part: string;
  readonly place: string;
  readonly sum: Checksum;
}

/** Downloads a model into `part` and its weights beside it; all files move to their places when all are whole. */
export async function fetchModel(
  { url, file }: ModelAddress,
  path: string,
  part: string,
  options: FetchModelOptions,
): Promise<readonly Checksum[]> {
  const client = await httpClient(options.timeout ?? 30_000);
  try {
    const model = await fetchOne(client, url, file, part, path, options);
    if (options.sha256 !== undefined) checkChecksum(withoutUser(url), options.sha256, model.sum.sha256);
    const fetched: Fetched[] = [];
    for (const companion of await weightFilesOf(part, file, url)) {
      const place = join(dirname(path), companion.file);
      if (!options.mayReplace) await refuseStranger(place);
      await makeFolderOf(place);
      const ownPart = join(dirname(place), `.${basename(place)}.part`);
      fetched.push(await fetchOne(client, companion.url, companion.file, ownPart, place, options));
    }
    // The model itself comes last: who finds it finds its weights.
    const all = [...fetched, model];
    for (const one of all) await inPlace(one.place, () => rename(one.part, one.place));
    for (const one of all) await rm(factsBeside(one.place), { force: true });
    return [model, ...fetched].map(({ sum }) => sum);
  } finally {
    await client.close();
  }
}

/** What the next try has to know of a part. */
const factsBeside = (place: string): string => join(dirname(place), `.${basename(place)}.part.json`);

async function fetchOne(
  client: HttpClient,
  url: URL,
  file: string,
  part: string,
  place: string,
  options: DownloadOptions,
): Promise<Fetched> {
  const { retries = 5, retryDelay = 500, signal, onProgress, onRetry } = options;
  const report = (phase: DownloadProgress['phase'], done: number, total: number | undefined): void =>
    onProgress?.({ phase, file, done, total });
  const facts = factsBeside(place);
  const resumed = await fetchFile(url, part, facts, {
    ...{ client, retries, retryDelay, signal, onRetry },
    onBytes: (done, total) => report('download', done, total),
  }).catch(async (thrown: unknown) => {
    const left = await stat(part).catch(() => undefined);
    if (left === undefined || left.size === 0) await rm(facts, { force: true });
    throw thrown;
  });
  const { size } = await stat(part);
  report('check', size, size);
  try {
    await checkDownload(part, withoutUser(url));
  } catch (thrown) {
    // Nobody goes on with what is no model, and what was put together of two gets another chance.
    await rm(part, { force: true });
    await rm(facts, { force: true });
    if (resumed) return fetchOne(client, url, file, part, place, options);
    throw thrown;
  }
  return { part, place, sum: { file, sha256: await sha256Of(part) } };
}

/** Copies a model that is in the cache. */
export async function copyModel(from: string, path: string, sums: readonly Checksum[]): Promise<readonly Checksum[]> {
  for (const { file } of sums.toReversed()) {
    const place = join(dirname(path), file);
    await makeFolderOf(place);
    const part = join(dirname(place), `.${basename(place)}.part`);
    await inPlace(place, () => copyFile(join(dirname(from), file), part));
    await inPlace(place, () => rename(part, place));
  }
  return sums;
}

async function inPlace(place: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    throw writeError(place, thrown);
  }
}

/** @throws DecantError `invalid-argument` for a file of the user's own, which stays */
export async function refuseStranger(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) === undefined) return;
  throw new DecantError('invalid-argument', `there is a file '${path}' already, and it was not downloaded by decant`, {
    remedy: 'Choose another folder, or have it replaced with --force.',
  });
}
