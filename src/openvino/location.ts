import { readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { asDecantError, DecantError } from '../errors.ts';
import { markUsed } from '../platform/cache-use.ts';
import { cacheRoot } from '../platform/cache-folder.ts';
import { kindOf, libraryAt, namesIn } from './library.ts';
import { askPython, packageFolders, PYTHON_COMMANDS, usualPackageFolders } from './python.ts';

/** One location that was searched for OpenVINO. */
export interface SearchedLocation {
  /** What suggested the location: `DECANT_OPENVINO`, `Python packages`. */
  readonly how: string;
  readonly path: string;
  /** Continues a sentence about the path: `does not exist`. */
  readonly outcome: string;
}

/** The locations searched for OpenVINO, in order, and the result. */
export interface LocationReport {
  readonly looked: readonly SearchedLocation[];
  readonly found?: { readonly library: string; readonly how: string };
}

export const GET_OPENVINO =
  'Run `decant setup`, or `pip install openvino`, or unpack an OpenVINO archive and set DECANT_OPENVINO to its folder.';

const VALID_PATHS = "OpenVINO's C library, the folder that contains it, or an unpacked OpenVINO archive";

const VARIABLE = 'DECANT_OPENVINO';

const LOADER_CONFIGURATION = '/etc/ld.so.conf.d';

interface Candidate {
  readonly how: string;
  readonly path: string;
  readonly problem?: string;
  /** Ends the search: the user's choice is never replaced silently. */
  readonly only?: boolean;
}

/**
 * Searches for OpenVINO's C library without loading it.
 *
 * @example
 * ```ts
 * import { locateOpenVino } from 'decant';
 *
 * console.log(locateOpenVino());
 * ```
 */
export function locateOpenVino(): LocationReport {
  const looked: SearchedLocation[] = [];
  for (const { how, path, problem, only = false } of candidates()) {
    if (looked.some(earlier => earlier.path === path)) continue;
    const library = problem === undefined ? libraryAt(path) : undefined;
    if (library !== undefined) {
      return { looked: [...looked, { how, path, outcome: `found ${library}` }], found: { library, how } };
    }
    looked.push({ how, path, outcome: problem ?? problemAt(path) });
    if (only) break;
  }
  return { looked };
}

/** The library stays in the cache until this process ends. */
export function findOpenVino(path?: string): string {
  const library = libraryFor(path);
  if (!marked.has(library)) markUsed(library);
  marked.add(library);
  return library;
}

const marked = new Set<string>();

function libraryFor(path: string | undefined): string {
  if (path !== undefined) {
    const library = libraryAt(path);
    if (library !== undefined) return library;
    throw new DecantError('runtime-missing', `${path} ${problemAt(path)}`, { remedy: `Pass ${VALID_PATHS}.` });
  }
  const { looked, found } = locateOpenVino();
  if (found !== undefined) return found.library;
  const [chosen] = looked;
  if (chosen?.how === VARIABLE) {
    throw new DecantError('runtime-missing', `${VARIABLE} is ${chosen.path}, which ${chosen.outcome}`, {
      remedy: `Set it to ${VALID_PATHS}, or unset it.`,
    });
  }
  throw new DecantError('runtime-missing', 'OpenVINO was not found', { remedy: GET_OPENVINO });
}

const problemAt = (path: string): string =>
  kindOf(path) === 'nothing' ? 'does not exist' : 'contains no OpenVINO C library';

function* candidates(): Generator<Candidate> {
  const chosen = process.env[VARIABLE];
  if (chosen !== undefined && chosen !== '') yield { how: VARIABLE, path: chosen, only: true };
  const archive = process.env['INTEL_OPENVINO_DIR'];
  if (archive !== undefined && archive !== '') yield { how: 'INTEL_OPENVINO_DIR', path: archive };
  yield* setUp();
  yield* pythonPackages();
  yield* systemLibraries();
}

function* setUp(): Generator<Candidate> {
  const how = 'decant setup';
  const root = cacheRootOrProblem();
  if (root instanceof DecantError) {
    yield { how, path: 'the cache', problem: `is unknown: ${root.message}` };
    return;
  }
  const folder = join(root, 'openvino');
  // Machines of different platforms may share a home folder.
  const names = namesIn(folder, new RegExp(`^\\d.*-${process.platform}-${process.arch}$`));
  for (const name of names) yield { how, path: join(folder, name) };
  if (names.length === 0) yield { how, path: folder };
}

function cacheRootOrProblem(): string | DecantError {
  try {
    return cacheRoot();
  } catch (thrown) {
    return asDecantError(thrown);
  }
}

function* pythonPackages(): Generator<Candidate> {
  for (const how of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = process.env[how];
    if (prefix === undefined || prefix === '') continue;
    for (const path of packageFolders(prefix)) yield { how, path };
    // Conda also packages OpenVINO without Python.
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

function* systemLibraries(): Generator<Candidate> {
  const how = 'system libraries';
  const variable = { win32: 'PATH', darwin: 'DYLD_LIBRARY_PATH' }[process.platform as string] ?? 'LD_LIBRARY_PATH';
  for (const path of (process.env[variable] ?? '').split(delimiter))
    if (isAbsolute(path)) yield { how: variable, path };
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
