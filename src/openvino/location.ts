import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DecantError } from '../errors.ts';
import { cacheRoot } from '../platform/cache-folder.ts';
import { kindOf, libraryAt, namesIn } from './library.ts';
import { askPython, packageFolders, PYTHON_COMMANDS, usualPackageFolders } from './python.ts';

/** One place that was looked at for OpenVINO. */
export interface SearchedLocation {
  /** What led there: `DECANT_OPENVINO`, `Python packages`. */
  readonly how: string;
  readonly path: string;
  readonly outcome: string;
}

/** Where OpenVINO was looked for, in this order, and what was found. */
export interface LocationReport {
  readonly looked: readonly SearchedLocation[];
  /** OpenVINO's C library; undefined where none was found. */
  readonly found?: { readonly library: string; readonly how: string };
}

/** The ways to get OpenVINO. */
export const GET_OPENVINO =
  'Run `decant setup` (it needs Python), or `pip install openvino`, or unpack an OpenVINO archive and set DECANT_OPENVINO to its folder.';

const CHOOSE = "Give OpenVINO's C library, or a folder that holds it or an unpacked archive";

/** The variable that says where OpenVINO is. */
const CHOSEN = 'DECANT_OPENVINO';

/** Where Linux's loader has the lists of its folders. */
const LOADER_CONFIGURATION = '/etc/ld.so.conf.d';

interface Place {
  readonly how: string;
  readonly path: string;
  /** Why there is nothing to look at. */
  readonly problem?: string;
  /** Nothing else is looked at: what the user chose is never replaced in silence. */
  readonly only?: boolean;
}

/** Looks for OpenVINO's C library. Nothing is loaded. */
export function locateOpenVino(): LocationReport {
  const looked: SearchedLocation[] = [];
  for (const { how, path, problem, only = false } of places()) {
    if (looked.some(earlier => earlier.path === path)) continue;
    const library = problem === undefined ? libraryAt(path) : undefined;
    if (library !== undefined) {
      return { looked: [...looked, { how, path, outcome: `found ${library}` }], found: { library, how } };
    }
    looked.push({ how, path, outcome: problem ?? nothingAt(path) });
    if (only) break;
  }
  return { looked };
}

/**
 * The path of OpenVINO's C library: in the folder at `path`, the file there, or where `locateOpenVino` finds it.
 *
 * @throws DecantError `runtime-missing`
 */
export function findOpenVino(path?: string): string {
  if (path !== undefined) {
    const library = libraryAt(path);
    if (library !== undefined) return library;
    throw new DecantError('runtime-missing', `${path} ${nothingAt(path)}`, { remedy: `${CHOOSE}.` });
  }
  const { looked, found } = locateOpenVino();
  if (found !== undefined) return found.library;
  const [chosen] = looked;
  if (chosen?.how === CHOSEN) {
    throw new DecantError('runtime-missing', `${CHOSEN} is ${chosen.path}, which ${chosen.outcome}`, {
      remedy: `${CHOOSE}, or unset it.`,
    });
  }
  throw new DecantError('runtime-missing', 'OpenVINO is not installed where decant looks', { remedy: GET_OPENVINO });
}

const nothingAt = (path: string): string =>
  kindOf(path) === 'nothing' ? 'does not exist' : 'holds no OpenVINO C library';

/** Where OpenVINO may be, the most deliberate choice first. */
function* places(): Generator<Place> {
  const chosen = process.env[CHOSEN];
  if (chosen !== undefined && chosen !== '') yield { how: CHOSEN, path: chosen, only: true };
  const archive = process.env['INTEL_OPENVINO_DIR'];
  if (archive !== undefined && archive !== '') yield { how: 'INTEL_OPENVINO_DIR', path: archive };
  yield* setUp();
  yield* pythonPackages();
  yield* systemLibraries();
}

function* setUp(): Generator<Place> {
  const how = 'decant setup';
  const folder = join(cacheRoot(), 'openvino');
  // Machines of different kinds may share a home folder.
  const names = namesIn(folder, new RegExp(`^\\d.*-${process.platform}-${process.arch}$`));
  for (const name of names) yield { how, path: join(folder, name) };
  if (names.length === 0) yield { how, path: folder };
}

function* pythonPackages(): Generator<Place> {
  for (const how of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = process.env[how];
    if (prefix === undefined || prefix === '') continue;
    for (const path of packageFolders(prefix)) yield { how, path };
    // Conda has OpenVINO without Python, too.
    yield { how, path: join(prefix, process.platform === 'win32' ? 'Library/bin' : 'lib') };
  }
  for (const path of usualPackageFolders()) if (kindOf(path) === 'folder') yield { how: 'Python packages', path };
  for (const command of PYTHON_COMMANDS) {
    const how = command.join(' ');
    const answer = askPython(command);
    if (typeof answer === 'string') yield { how, path: how, problem: answer };
    else for (const path of answer) if (kindOf(path) === 'folder') yield { how, path };
  }
}

function* systemLibraries(): Generator<Place> {
  const how = 'system libraries';
  const variable = { win32: 'PATH', darwin: 'DYLD_LIBRARY_PATH' }[process.platform as string] ?? 'LD_LIBRARY_PATH';
  for (const path of (process.env[variable] ?? '').split(delimiter)) if (path !== '') yield { how: variable, path };
  if (process.platform === 'win32') return;
  for (const path of [...loaderFolders(), '/usr/local/lib', '/opt/homebrew/lib', '/usr/lib64', '/usr/lib']) {
    if (kindOf(path) === 'folder') yield { how, path };
  }
}

const loaderFolders = (): readonly string[] =>
  namesIn(LOADER_CONFIGURATION, /\.conf$/)
    .flatMap(name => linesOf(join(LOADER_CONFIGURATION, name)))
    .filter(line => line.startsWith('/'));

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
