import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DecantError } from '../errors.ts';
import { cacheFolder } from '../platform/cache-folder.ts';
import { libraryAt } from './library.ts';
import { diskFull, downloadWheel } from './setup-download.ts';
import { unpackWheel } from './setup-unpack.ts';

/** What folders are called that a setup is still working in. */
const PARTIAL = 'partial-';

/** Milliseconds after which such a folder was left by a setup that was killed. */
const ABANDONED = 24 * 60 * 60 * 1000;

/** The release of OpenVINO that decant is tested with. */
export const OPENVINO_VERSION = '2026.4.1';

/** How far `setupOpenVino` has come. */
export interface SetupProgress {
  readonly phase: 'download' | 'unpack';
  /** Bytes. */
  readonly done: number;
  /** Bytes; while downloading rounded, and undefined until pip tells. */
  readonly total: number | undefined;
}

/** Which OpenVINO `setupOpenVino` gets, and who is told of it. */
export interface SetupOptions {
  /** A release of OpenVINO; `OPENVINO_VERSION` by default. */
  readonly version?: string | undefined;
  /** Learns how far it has come, several times a second. */
  readonly onProgress?: ((progress: SetupProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts OpenVINO's shared libraries into decant's cache, where decant finds them, and returns the path of the C library.
 * It does nothing where they are there already; several processes may do it at once.
 *
 * @throws DecantError `runtime-missing` where there is no Python with pip, `io` when pip or the disk fails,
 * `malformed` for a broken download, `cancelled`. Nothing is left behind then.
 */
export async function setupOpenVino(options: SetupOptions = {}): Promise<string> {
  const { version = OPENVINO_VERSION, onProgress, signal } = options;
  if (!/^\d+(?:\.\d+)*$/.test(version)) {
    throw new DecantError('invalid-argument', `'${version}' is not a release of OpenVINO`, {
      remedy: `One looks like ${OPENVINO_VERSION}.`,
    });
  }
  const folder = await cacheFolder('openvino');
  const target = join(folder, `${version}-${process.platform}-${process.arch}`);
  const present = libraryAt(target);
  if (present !== undefined) return present;
  await sweep(folder);
  const workspace = await mkdtemp(join(folder, PARTIAL));
  try {
    const wheel = await downloadWheel({
      version,
      folder: workspace,
      onProgress: (done, total) => onProgress?.({ phase: 'download', done, total }),
      signal,
    });
    const unpacked = join(workspace, 'openvino');
    await mkdir(unpacked);
    await unpackWheel({
      wheel,
      folder: unpacked,
      onProgress: (done, total) => onProgress?.({ phase: 'unpack', done, total }),
      signal,
    });
    if (libraryAt(unpacked) === undefined) {
      throw new DecantError('runtime-missing', `the wheel of OpenVINO ${version} holds no C library`, {
        remedy: `Set up a newer release: ${OPENVINO_VERSION}.`,
      });
    }
    return await moveInto(target, unpacked);
  } catch (thrown) {
    throw explain(thrown);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/** Renames a finished folder into its place, unless another process has just done so. */
async function moveInto(target: string, finished: string): Promise<string> {
  try {
    await rename(finished, target);
  } catch {
    if (libraryAt(target) === undefined) {
      // What is in the way is damaged.
      await rm(target, { recursive: true, force: true });
      await rename(finished, target);
    }
  }
  return libraryAt(target)!;
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.startsWith(PARTIAL)) continue;
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && stats.mtimeMs < Date.now() - ABANDONED) await rm(path, { recursive: true, force: true });
  }
}

function explain(thrown: unknown): unknown {
  if (thrown instanceof DecantError || !(thrown instanceof Error)) return thrown;
  if ('code' in thrown && thrown.code === 'ENOSPC') return diskFull(thrown);
  return new DecantError('io', `cannot set up OpenVINO: ${thrown.message}`, {
    cause: thrown,
    remedy: 'Set DECANT_CACHE to a folder that can be written to.',
  });
}
