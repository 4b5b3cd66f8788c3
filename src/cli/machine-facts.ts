import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheEntries } from '../download/cache-entries.ts';
import { asDecantError } from '../errors.ts';
import { PYTHON_COMMANDS } from '../openvino/python.ts';
import { cacheRoot } from '../platform/cache-folder.ts';
import { exists } from '../platform/exists.ts';
import { writeError } from '../platform/write-files.ts';
import { findFfmpeg } from '../video/find-ffmpeg.ts';

/** What decant uses besides OpenVINO; `problem` says why a part cannot be used. */
export interface MachineFacts {
  readonly ffmpeg: { readonly path?: string; readonly version?: string; readonly problem?: string };
  readonly python: { readonly command?: string; readonly version?: string; readonly problem?: string };
  /** `remedy` is what to do about its problem. */
  readonly cache: {
    readonly path?: string;
    readonly bytes?: number;
    readonly problem?: string;
    readonly remedy?: string;
  };
  /** Drivers of GPUs and NPUs; undefined where decant cannot list them. */
  readonly drivers?: readonly DeviceDriver[];
}

export interface DeviceDriver {
  readonly device: 'GPU' | 'NPU';
  readonly driver: string;
  readonly path: string;
  /** Whether this user may use it. */
  readonly usable: boolean;
}

export async function machineFacts(): Promise<MachineFacts> {
  const drivers = process.platform === 'linux' ? { drivers: linuxDrivers() } : {};
  return { ffmpeg: ffmpegFacts(), python: pythonFacts(), cache: await cacheFacts(), ...drivers };
}

/** Milliseconds; a `python` that takes longer is probably a stub that opens an installer. */
const TIMEOUT = 5000;

/** Returns the first line that a program prints. */
function lineOf(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: TIMEOUT, windowsHide: true });
  return status === 0 ? stdout.split('\n')[0]?.trim() : undefined;
}

function ffmpegFacts(): MachineFacts['ffmpeg'] {
  try {
    const { ffmpeg } = findFfmpeg();
    const version = /^ffmpeg version (\S+)/.exec(lineOf(ffmpeg, ['-version']) ?? '')?.[1];
    return version === undefined ? { path: ffmpeg, problem: 'it does not run' } : { path: ffmpeg, version };
  } catch (thrown) {
    return { problem: asDecantError(thrown).message };
  }
}

function pythonFacts(): MachineFacts['python'] {
  for (const [command, ...args] of PYTHON_COMMANDS) {
    const version = /^Python (\S+)/.exec(lineOf(command, [...args, '--version']) ?? '')?.[1];
    if (version !== undefined) return { command: [command, ...args].join(' '), version };
  }
  return { problem: 'Python 3 was not found; decant setup then needs --index or --wheel' };
}

async function cacheFacts(): Promise<MachineFacts['cache']> {
  try {
    const path = cacheRoot();
    const problem = await writeProblem(path);
    if (problem !== undefined) return { path, problem, remedy: 'Set DECANT_CACHE to a writable folder.' };
    const bytes = (await cacheEntries()).reduce((sum, entry) => sum + entry.bytes, 0);
    return { path, bytes };
  } catch (thrown) {
    const { message, remedy } = asDecantError(thrown);
    return { problem: message, ...(remedy !== undefined && { remedy }) };
  }
}

/** Makes and removes a folder, because permissions tell too little: a file system may be full or read-only. */
async function writeProblem(folder: string): Promise<string | undefined> {
  try {
    await rmdir(await mkdtemp(join(await existingFolder(folder), 'decant-')));
    return undefined;
  } catch (thrown) {
    return asDecantError(writeError(folder, thrown)).message;
  }
}

/** Returns the folder, or the closest one above it. */
const existingFolder = async (folder: string): Promise<string> =>
  (await exists(folder)) || dirname(folder) === folder ? folder : existingFolder(dirname(folder));

const KINDS = [
  { device: 'GPU', nodes: '/dev/dri', name: /^renderD\d+$/, system: '/sys/class/drm' },
  { device: 'NPU', nodes: '/dev/accel', name: /^accel\d+$/, system: '/sys/class/accel' },
] as const;

const linuxDrivers = (): readonly DeviceDriver[] =>
  KINDS.flatMap(({ device, nodes, name, system }) =>
    namesIn(nodes)
      .filter(node => name.test(node))
      .map(node => {
        const path = join(nodes, node);
        return { device, driver: driverAt(join(system, node, 'device', 'driver')), path, usable: isUsable(path) };
      }),
  );

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function driverAt(link: string): string {
  try {
    return basename(realpathSync(link));
  } catch {
    return 'unknown';
  }
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
