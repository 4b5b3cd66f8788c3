import { rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { abortSignal, callback, checkArgument, checkOptions, type ChecksOf, flag, number, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { useCacheEntry } from '../platform/cache-use.ts';
import { cacheRoot } from '../platform/cache-folder.ts';
import { makeFolderOf } from '../platform/write-files.ts';
import { checkChecksum, sha256Of } from './check-file.ts';
import { lockPart } from './part-lock.ts';
import { checkOverwrite, copyModel, fetchModel, placeFiles } from './fetch-model.ts';
import { cancelled, withoutUser } from './http-client.ts';
import { addressOf, type ModelAddress, unknownModel } from './model-address.ts';
import type { DownloadOptions } from './options.ts';
import { presentModel, type PresentModel } from './checksums.ts';

/** A downloaded model. */
export interface DownloadedModel {
  /** Path of the model file; separate weights are next to it. */
  readonly path: string;
  readonly url: string;
  /** Of the model file. */
  readonly sha256: string;
  /** Total size of all files. */
  readonly bytes: number;
  /** Whether it was downloaded before. */
  readonly cached: boolean;
}

/**
 * Downloads a model, unless it is already present: by name from the TensorFlow detection zoo or TensorFlow Hub, or by URL,
 * including the separate weights of a `model.json` or an IR. Resumes interrupted downloads; if several processes want the same
 * file, only one downloads it.
 *
 * @throws DecantError `not-found` if the name or URL is unknown, `network`, `not-a-model` if it is a web page, `malformed` if the
 *   checksum differs or the archive is corrupt, `io`, `cancelled`. An incomplete file never appears at the path of the model.
 *
 * @example
 * ```ts
 * import { downloadModel } from 'decant';
 *
 * const { path } = await downloadModel('ssd_mobilenet_v2_320x320');
 * console.log(path);
 * ```
 */
export async function downloadModel(nameOrUrl: string, options: DownloadOptions = {}): Promise<DownloadedModel> {
  checkArgument(nameOrUrl, 'the model', text);
  checkOptions(options, DOWNLOAD_OPTIONS);
  const address = addressOf(nameOrUrl);
  if (address === undefined) throw unknownModel(nameOrUrl);
  const { folder } = options;
  const inCache = join(cacheRoot(), 'downloads', address.folder, address.file);
  const path = folder === undefined ? inCache : resolve(folder, address.file);
  const releases: (() => void)[] = [];
  const use = async (): Promise<void> => {
    if (path === inCache) releases.push(await useCacheEntry(path));
  };
  try {
    return await obtainModel(nameOrUrl, { address, path, inCache, use }, options);
  } catch (thrown) {
    // A model that is there is in use until this process ends, as it is read later.
    for (const release of releases) release();
    throw thrown;
  }
}

const DOWNLOAD_OPTIONS: ChecksOf<DownloadOptions> = {
  folder: text,
  sha256: text,
  force: flag,
  offline: flag,
  timeout: number,
  maxBytes: number,
  retries: number,
  retryDelay: number,
  signal: abortSignal,
  onProgress: callback,
  onRetry: callback,
};

interface Target {
  readonly address: ModelAddress;
  readonly path: string;
  readonly inCache: string;
  readonly use: () => Promise<void>;
}

async function obtainModel(
  nameOrUrl: string,
  { address, path, inCache, use }: Target,
  options: DownloadOptions,
): Promise<DownloadedModel> {
  const { force = false, signal } = options;
  await use();
  const startedAt = Date.now();
  const present = await presentModel(path);
  if (present !== undefined && !force) return describe(address, path, present, true, options);
  const copy = path === inCache || force ? undefined : await presentModel(inCache);
  if (copy === undefined && (options.offline ?? offlineByDefault())) throw isOffline(nameOrUrl);
  const mayReplace = force || path === inCache;
  if (!mayReplace && present === undefined) await checkOverwrite(path);
  await makeFolderOf(path);
  // Before the folder existed, there was nothing to mark.
  await use();
  const result = async (): Promise<PresentModel | undefined> => {
    const model = await presentModel(path);
    return model !== undefined && (!force || model.downloadedAt >= startedAt) ? model : undefined;
  };
  try {
    const file = address.file;
    const lock = await lockPart(path, {
      signal,
      isDone: async () => (await result()) !== undefined,
      onWait: done => options.onProgress?.({ phase: 'wait', file, done, total: undefined }),
    });
    try {
      if (lock !== undefined) {
        const files = await (copy === undefined
          ? fetchModel(address, path, lock.part, { ...options, mayReplace })
          : copyModel(inCache, path, lock.part, copy.checksums));
        await placeFiles(files, withoutUser(address.url));
      }
    } finally {
      await lock?.release();
    }
    const model = (await result()) ?? throwRemoved(path);
    return await describe(address, path, model, lock === undefined, options);
  } catch (thrown) {
    // Fails unless the folder is empty.
    if (path === inCache) await rmdir(dirname(path)).catch(() => undefined);
    throw signal?.aborted === true && !(thrown instanceof DecantError) ? cancelled(signal.reason) : thrown;
  }
}

const offlineByDefault = (): boolean => !['', '0', undefined].includes(process.env['DECANT_OFFLINE']);

const isOffline = (name: string): DecantError =>
  new DecantError('network', `'${name}' is not in the cache, and decant is offline`, {
    remedy: 'Download it while online (`decant download`), or pass the path of a model.',
  });

async function describe(
  { url, file }: ModelAddress,
  path: string,
  { checksums, bytes }: PresentModel,
  cached: boolean,
  { sha256: expected }: DownloadOptions,
): Promise<DownloadedModel> {
  const { sha256 } = checksums.find(each => each.file === file) ?? throwRemoved(path);
  if (cached && expected !== undefined) checkChecksum(path, expected, await sha256Of(path));
  return { path, url: withoutUser(url), sha256, bytes, cached };
}

function throwRemoved(path: string): never {
  throw new DecantError('io', `'${path}' was removed during the download`, { remedy: 'Try again.' });
}
