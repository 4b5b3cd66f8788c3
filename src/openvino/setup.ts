import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { abortSignal, callback, checkOptions, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { cacheFolder } from '../platform/cache-folder.ts';
import { guard } from '../platform/exit-cleanup.ts';
import { newToken, ownerIn } from '../platform/process-token.ts';
import { libraryAt } from './library.ts';
import { obtainWheel, releaseOf, wheelFromIndex } from './fetch-wheel.ts';
import { diskFull, downloadWheel } from './setup-download.ts';

const PARTIAL = 'partial-';

const MAX_ATTEMPTS = 5;

/** Milliseconds; older folders of other machines belong to killed setups. */
const ABANDONED = 24 * 60 * 60 * 1000;

/** The release that decant is tested with. */
export const OPENVINO_VERSION = '2026.4.1';

/** Progress of `setupOpenVino`. */
export interface SetupProgress {
  readonly phase: 'download' | 'unpack';
  /** Bytes. */
  readonly done: number;
  /** Bytes; during the download rounded, and undefined until pip reports it. */
  readonly total: number | undefined;
}

/** Options of `setupOpenVino`. */
export interface SetupOptions {
  /** OpenVINO release; `OPENVINO_VERSION` by default. */
  readonly version?: string | undefined;
  /** An OpenVINO wheel for this machine, as a path or URL, to unpack instead of downloading one. */
  readonly wheel?: string | undefined;
  /**
   * URL of a Python package index to download the wheel from, without Python. By default pip downloads it; without pip, decant
   * uses the index that pip is configured for: `PIP_INDEX_URL` or `index-url` in `pip.conf`.
   */
  readonly index?: string | undefined;
  /** Called several times per second. */
  readonly onProgress?: ((progress: SetupProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Installs OpenVINO's shared libraries into decant's cache unless they are there already, and returns the path of the C
 * library. Several processes may run it concurrently.
 *
 * @throws DecantError `invalid-argument` for an invalid version, `runtime-missing` without Python and pip or an index, `io` if pip or
 * the disk fails, `malformed` for a corrupt download, `cancelled` by the signal; then nothing is left behind
 *
 * @example
 * ```ts
 * import { setupOpenVino } from 'decant';
 *
 * console.log(await setupOpenVino({ onProgress: progress => console.log(progress) }));
 * ```
 */
export async function setupOpenVino(options: SetupOptions = {}): Promise<string> {
  checkOptions(options, { version: text, wheel: text, index: text, onProgress: callback, signal: abortSignal });
  const { wheel, index, onProgress, signal } = options;
  const version = wheel === undefined ? (options.version ?? OPENVINO_VERSION) : releaseOf(wheel);
  if (!/^\d+(?:\.\d+)*$/.test(version)) {
    throw new DecantError('invalid-argument', `'${version}' is not an OpenVINO release`, {
      remedy: `Use a version such as ${OPENVINO_VERSION}.`,
    });
  }
  const folder = await cacheFolder('openvino');
  const target = join(folder, `${version}-${process.platform}-${process.arch}`);
  const present = libraryAt(target);
  if (present !== undefined) return present;
  await removeAbandoned(folder);
  const workspace = join(folder, `${PARTIAL}${newToken()}`);
  mkdirSync(workspace);
  const release = guard(() => rmSync(workspace, { recursive: true, force: true }));
  try {
    const download = {
      version,
      folder: workspace,
      onProgress: (done: number, total: number | undefined) => onProgress?.({ phase: 'download', done, total }),
      signal,
    };
    const file = await (wheel !== undefined
      ? obtainWheel(wheel, download)
      : index === undefined
        ? downloadWheel(download)
        : wheelFromIndex(index, version, download));
    const unpacked = join(workspace, 'openvino');
    await mkdir(unpacked);
    const { unpackWheel } = await import('./setup-unpack.ts');
    await unpackWheel({
      wheel: file,
      folder: unpacked,
      onProgress: (done, total) => onProgress?.({ phase: 'unpack', done, total }),
      signal,
    });
    if (libraryAt(unpacked) === undefined) {
      throw new DecantError('runtime-missing', `the wheel of OpenVINO ${version} contains no C library`, {
        remedy: `Set up a newer release, such as ${OPENVINO_VERSION}.`,
      });
    }
    return await moveInto(target, unpacked);
  } catch (thrown) {
    throw explain(thrown);
  } finally {
    await rm(workspace, { recursive: true, force: true });
    release();
  }
}

/** Moves a finished folder into its place, unless another process did so first. */
async function moveInto(target: string, finished: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(finished, target);
      break;
    } catch (thrown) {
      if (libraryAt(target) !== undefined) break;
      if (attempt === MAX_ATTEMPTS) throw thrown;
      // An incomplete folder is in the way; another process may be replacing it, too.
      await rename(target, `${finished}-replaced-${attempt}`).catch(() => undefined);
    }
  }
  return libraryAt(target)!;
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.startsWith(PARTIAL)) continue;
    const stats = await stat(path).catch(() => undefined);
    const isOld = stats !== undefined && stats.mtimeMs < Date.now() - ABANDONED;
    const owner = ownerIn(name);
    if (owner === 'dead' || (owner !== 'alive' && isOld)) await rm(path, { recursive: true, force: true });
  }
}

function explain(thrown: unknown): unknown {
  if (thrown instanceof DecantError || !(thrown instanceof Error)) return thrown;
  if ('code' in thrown && thrown.code === 'ENOSPC') return diskFull(thrown);
  return new DecantError('io', `cannot set up OpenVINO: ${thrown.message}`, {
    cause: thrown,
    remedy: 'Set DECANT_CACHE to a writable folder.',
  });
}
