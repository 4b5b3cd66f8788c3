import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Koffi from 'koffi';
import { DecantError } from '../errors.ts';
import { koffi } from './koffi.ts';

export type LibraryHandle = ReturnType<typeof Koffi.load>;

const THREAD_LIBRARY_FOLDERS = [
  '.',
  '../../3rdparty/tbb/lib',
  '../../../3rdparty/tbb/lib',
  '../../../3rdparty/tbb/bin',
];

const THREAD_LIBRARY = /^(?:lib)?tbb(?:12)?\.(?:so[.\d]*|[.\d]*dylib|dll)$/;
const CORE_LIBRARY = /^(?:lib)?openvino\.(?:so[.\d]*|[.\d]*dylib|dll)$/;

/**
 * Stack size of a native call in bytes, the default of a Linux thread. OpenVINO traverses graphs recursively, in some
 * releases as deep as the graph; koffi's default for calls on worker threads is 128 kB.
 */
export const STACK_SIZE = 8 << 20;

/**
 * Dependencies are loaded first, by path, so that the loader finds them by name without the environment script of an
 * OpenVINO archive; the device plugins depend on them, too.
 */
export function loadLibrary(path: string): LibraryHandle {
  enlargeStacks();
  try {
    for (const needed of neededBy(path)) koffi().load(needed);
    return koffi().load(path);
  } catch (cause) {
    const reason =
      cause instanceof Error ? cause.message.replace('Failed to load shared library: ', '') : String(cause);
    throw new DecantError('runtime-failed', `cannot load ${path}: ${reason}`, {
      cause,
      remedy: 'Run `decant setup` to install OpenVINO for this machine, or set DECANT_OPENVINO to its folder.',
    });
  }
}

function enlargeStacks(): void {
  if ((koffi().config().async_stack_size ?? 0) >= STACK_SIZE) return;
  try {
    koffi().config({ sync_stack_size: STACK_SIZE, async_stack_size: STACK_SIZE });
  } catch {
    // Only possible before koffi's first call in the process. The newest OpenVINO works with koffi's defaults.
  }
}

function neededBy(path: string): readonly string[] {
  const folder = dirname(path);
  const threads = THREAD_LIBRARY_FOLDERS.flatMap(relative => filesOf(join(folder, relative), THREAD_LIBRARY));
  return [...threads.slice(0, 1), ...filesOf(folder, CORE_LIBRARY).slice(0, 1)];
}

function filesOf(folder: string, pattern: RegExp): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(name => pattern.test(name))
      .map(name => join(folder, name));
  } catch {
    return [];
  }
}
