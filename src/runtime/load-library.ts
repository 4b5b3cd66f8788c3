import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import koffi from 'koffi';
import { DecantError } from '../errors.ts';

export type LibraryHandle = ReturnType<typeof koffi.load>;

/**
 * Where an unpacked OpenVINO archive keeps the thread library, seen from the folder of the C library; a wheel keeps it in
 * that folder itself.
 */
const THREAD_LIBRARY_FOLDERS = [
  '.',
  '../../3rdparty/tbb/lib',
  '../../../3rdparty/tbb/lib',
  '../../../3rdparty/tbb/bin',
];

/** The thread library, and the core that the C library wraps. Their debug builds have other names. */
const THREAD_LIBRARY = /^(?:lib)?tbb(?:12)?\.(?:so[.\d]*|[.\d]*dylib|dll)$/;
const CORE_LIBRARY = /^(?:lib)?openvino\.(?:so[.\d]*|[.\d]*dylib|dll)$/;

/**
 * Bytes of stack for a native call, as many as Linux gives a thread: OpenVINO walks graphs by recursion, some releases as
 * deep as the graph is. koffi's own stack for calls off the main thread has 128 kB.
 */
export const STACK_SIZE = 8 << 20;

/**
 * Loads the shared library at `path`. What it needs is loaded first, by path: the loader then finds it by name, also in
 * an archive that was unpacked without its environment script, and so do the device plugins, which OpenVINO itself
 * loads from the same folder.
 *
 * @throws DecantError `runtime-failed` when there is no library that this machine can load
 */
export function loadLibrary(path: string): LibraryHandle {
  enlargeStacks();
  try {
    for (const needed of neededBy(path)) koffi.load(needed);
    return koffi.load(path);
  } catch (cause) {
    const reason =
      cause instanceof Error ? cause.message.replace('Failed to load shared library: ', '') : String(cause);
    throw new DecantError('runtime-failed', `cannot load ${path}: ${reason}`, {
      cause,
      remedy: 'Run `decant setup` for an OpenVINO that fits this machine, or set DECANT_OPENVINO to the folder of one.',
    });
  }
}

function enlargeStacks(): void {
  if ((koffi.config().async_stack_size ?? 0) >= STACK_SIZE) return;
  try {
    koffi.config({ sync_stack_size: STACK_SIZE, async_stack_size: STACK_SIZE });
  } catch {
    // koffi's first user in the process settles this. The newest OpenVINO needs no more than koffi has by itself.
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
