import { rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DecantError } from '../errors.ts';
import { cacheRoot } from '../platform/cache-folder.ts';
import { makeFolderOf } from '../platform/write-files.ts';
import { checkSum, sha256Of } from './check-file.ts';
import { claimPart } from './claim.ts';
import { copyModel, fetchModel, refuseStranger } from './fetch-model.ts';
import { cancelled, withoutUser } from './http-client.ts';
import { addressOf, type ModelAddress, unknownModel } from './model-address.ts';
import { type PresentModel, presentModel, writeSums } from './sums.ts';

/** How far a download has come. */
export interface DownloadProgress {
  /** `wait`: another process downloads the same file, and its result will be used. */
  readonly phase: 'download' | 'wait' | 'check';
  readonly file: string;
  /** Bytes that are there, those of an earlier try included. */
  readonly done: number;
  /** Bytes; undefined where the server has not said. */
  readonly total: number | undefined;
}

/** Where a download goes, what is expected of it, and how long it is tried. */
export interface DownloadOptions {
  /** Where the model goes; a folder of its own in decant's cache by default. */
  readonly folder?: string | undefined;
  /** The SHA-256 that the file must have, as 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** Download what is there already. */
  readonly force?: boolean | undefined;
  /** Take only what is there; by default so where `DECANT_OFFLINE` is set to anything but 0. */
  readonly offline?: boolean | undefined;
  /** Milliseconds without data after which the server counts as stalled, 30,000 by default. */
  readonly timeout?: number | undefined;
  /** Tries after one that failed and brought nothing new, 5 by default. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first of these tries, 500 by default; each further one waits for about twice as long. */
  readonly retryDelay?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Learns how far it has come. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Learns why, and in how many milliseconds, there is another try. */
  readonly onRetry?: ((why: string, wait: number) => void) | undefined;
}

/** A model that was downloaded, now or before. */
export interface DownloadedModel {
  /** The file; its weights lie beside it where it has them apart. */
  readonly path: string;
  readonly url: string;
  /** Of the file. */
  readonly sha256: string;
  /** Of all files. */
  readonly bytes: number;
  /** Whether it was there already. */
  readonly cached: boolean;
}

/**
 * Downloads a model, unless it is there already: one of the detection zoo or of TensorFlow Hub by name, or what is at a
 * URL, together with the weights that a `model.json` or an IR has beside it. A download that was broken off goes on where
 * it ended; of several processes that want the same file, one downloads it.
 *
 * @throws DecantError `not-found` for an unknown name or address, `network`, `not-a-model` for a web page, `malformed` for
 * a wrong SHA-256 or a damaged archive, `io`, `cancelled`. No half file is left in the place of the model.
 */
export async function downloadModel(nameOrUrl: string, options: DownloadOptions = {}): Promise<DownloadedModel> {
  const address = addressOf(nameOrUrl);
  if (address === undefined) throw unknownModel(nameOrUrl);
  const { folder, force = false, signal } = options;
  const inCache = join(cacheRoot(), 'downloads', address.folder, address.file);
  const path = folder === undefined ? inCache : resolve(folder, address.file);
  const began = Date.now();
  const present = await presentModel(path);
  if (present !== undefined && !force) return describe(address, path, present, true, options);
  const copy = path === inCache || force ? undefined : await presentModel(inCache);
  if (copy === undefined && (options.offline ?? offlineByDefault())) throw isOffline(nameOrUrl);
  const mayReplace = force || path === inCache;
  if (!mayReplace && present === undefined) await refuseStranger(path);
  await makeFolderOf(path);
  const result = async (): Promise<PresentModel | undefined> => {
    const made = await presentModel(path);
    return made !== undefined && (!force || made.since >= began) ? made : undefined;
  };
  try {
    const file = address.file;
    const claim = await claimPart(path, {
      signal,
      isDone: async () => (await result()) !== undefined,
      onWait: done => options.onProgress?.({ phase: 'wait', file, done, total: undefined }),
    });
    try {
      if (claim !== undefined) {
        const sums = await (copy === undefined
          ? fetchModel(address, path, claim.part, { ...options, mayReplace })
          : copyModel(inCache, path, copy.sums));
        await writeSums(path, withoutUser(address.url), sums);
      }
    } finally {
      await claim?.release();
    }
    const made = (await result()) ?? missing(path);
    return await describe(address, path, made, claim === undefined, options);
  } catch (thrown) {
    // A folder of its own in which nothing is left; any other stays.
    if (path === inCache) await rmdir(dirname(path)).catch(() => undefined);
    throw signal?.aborted === true && !(thrown instanceof DecantError) ? cancelled(signal.reason) : thrown;
  }
}

const offlineByDefault = (): boolean => !['', '0', undefined].includes(process.env['DECANT_OFFLINE']);

const isOffline = (name: string): DecantError =>
  new DecantError('network', `'${name}' is not in the cache, and decant is to work offline`, {
    remedy: 'Download it where there is a network (`decant download`), or give the path of a model.',
  });

async function describe(
  { url, file }: ModelAddress,
  path: string,
  { sums, bytes }: PresentModel,
  cached: boolean,
  { sha256: wanted }: DownloadOptions,
): Promise<DownloadedModel> {
  const { sha256 } = sums.find(sum => sum.file === file) ?? missing(path);
  if (cached && wanted !== undefined) checkSum(path, wanted, await sha256Of(path));
  return { path, url: withoutUser(url), sha256, bytes, cached };
}

/** The files were there a moment ago. */
function missing(path: string): never {
  throw new DecantError('io', `'${path}' was removed while it was downloaded`, { remedy: 'Run the same again.' });
}
