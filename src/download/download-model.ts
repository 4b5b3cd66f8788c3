import { rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DecantError } from '../errors.ts';
import { cacheRoot } from '../platform/cache-folder.ts';
import { makeFolderOf } from '../platform/write-files.ts';
import { checkChecksum, sha256Of } from './check-file.ts';
import { lockPart } from './part-lock.ts';
import { copyModel, fetchModel, refuseStranger } from './fetch-model.ts';
import { cancelled, withoutUser } from './http-client.ts';
import { addressOf, type ModelAddress, unknownModel } from './model-address.ts';
import type { DownloadOptions } from './options.ts';
import { presentModel, type PresentModel, writeChecksums } from './checksums.ts';

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
    const claim = await lockPart(path, {
      signal,
      isDone: async () => (await result()) !== undefined,
      onWait: done => options.onProgress?.({ phase: 'wait', file, done, total: undefined }),
    });
    try {
      if (claim !== undefined) {
        const sums = await (copy === undefined
          ? fetchModel(address, path, claim.part, { ...options, mayReplace })
          : copyModel(inCache, path, copy.sums));
        await writeChecksums(path, withoutUser(address.url), sums);
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
  if (cached && wanted !== undefined) checkChecksum(path, wanted, await sha256Of(path));
  return { path, url: withoutUser(url), sha256, bytes, cached };
}

/** The files were there a moment ago. */
function missing(path: string): never {
  throw new DecantError('io', `'${path}' was removed while it was downloaded`, { remedy: 'Run the same again.' });
}
