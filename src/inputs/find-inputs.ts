import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { DecantError } from '../errors.ts';
import { fileError } from '../platform/file-error.ts';
import type { Input } from './input.ts';
import { mediaOf } from './media-types.ts';

export interface FindInputsOptions {
  /** Folders that are passed over below others, because results are written there. */
  readonly except?: readonly string[] | undefined;
}

/**
 * What the names on a command line stand for: files, folders (with all pictures and videos below them), patterns like
 * `shots/*.jpg`, `http`, `https` and `rtsp` URLs, `camera:0` or `/dev/video0`, and `-` for the standard input. They come
 * in the order of their names; what a folder or a pattern holds is sorted. A name that no file has is an input like others,
 * and fails when it is read.
 *
 * @throws DecantError `not-found` for a folder or a pattern without pictures, `io` for a folder that cannot be read
 */
export async function findInputs(
  names: readonly string[],
  { except = [] }: FindInputsOptions = {},
): Promise<readonly Input[]> {
  const found: Input[] = [];
  for (const name of names) found.push(...(await inputsOf(name, new Set(except.map(folder => resolve(folder))))));
  return found;
}

async function inputsOf(name: string, except: ReadonlySet<string>): Promise<readonly Input[]> {
  if (name === '-') return [{ kind: 'picture', from: 'stdin', name, stem: 'stdin', ending: '' }];
  if (/^(?:https?|rtsps?):\/\//i.test(name)) return [fromUrl(name)];
  if (/^(?:camera:\d+|\/dev\/video\d+)$/.test(name)) {
    return [{ kind: 'video', from: 'camera', name, stem: `camera-${/\d+$/.exec(name)![0]}`, ending: '' }];
  }
  const facts = await stat(name).catch(() => undefined);
  if (facts?.isDirectory() === true) return inFolder(name, except);
  if (facts === undefined && /[*?[{]/.test(name)) return matching(name, except);
  return [fromFile(name, basename(name))];
}

function fromFile(path: string, below: string): Input {
  const ending = extname(path);
  const stem = below.slice(0, below.length - ending.length);
  const kind = mediaOf(ending.toLowerCase()) ?? 'picture';
  return { kind, from: 'file', name: path, stem, ending: ending.toLowerCase() };
}

function fromUrl(name: string): Input {
  const last = basename(URL.canParse(name) ? new URL(name).pathname : '').replaceAll(/[^\w.-]+/g, '_');
  const ending = extname(last).toLowerCase();
  const kind = /^rtsp/i.test(name) ? 'video' : (mediaOf(ending) ?? 'picture');
  return { kind, from: 'url', name, stem: basename(last, extname(last)) || kind, ending };
}

async function inFolder(folder: string, except: ReadonlySet<string>): Promise<readonly Input[]> {
  const files = (await filesBelow(folder, except)).sort(byCodePoints);
  const inputs = files.map(path => fromFile(path, relative(folder, path))).filter(({ ending }) => mediaOf(ending));
  if (inputs.length > 0) return inputs;
  throw new DecantError('not-found', `there are no pictures or videos in '${folder}'`);
}

/** All files below a folder; hidden ones are passed over, and so are links to folders, which may lead in circles. */
async function filesBelow(folder: string, except: ReadonlySet<string>): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
    throw fileError(folder, thrown);
  });
  const paths = entries.map(async entry => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return except.has(resolve(path)) ? [] : filesBelow(path, except);
    const isFile = entry.isSymbolicLink() ? (await stat(path).catch(() => undefined))?.isFile() : entry.isFile();
    return isFile === true ? [path] : [];
  });
  return (await Promise.all(paths)).flat();
}

async function matching(pattern: string, except: ReadonlySet<string>): Promise<readonly Input[]> {
  const { glob } = await import('tinyglobby');
  const slashes = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const paths = await glob(slashes, {
    absolute: isAbsolute(pattern),
    expandDirectories: false,
    followSymbolicLinks: false,
  });
  const base = dirname(`${/^[^*?[{]*/.exec(slashes)![0]}x`);
  const inputs = paths
    .filter(path => ![...except].some(folder => resolve(path).startsWith(join(folder, '/'))))
    .sort(byCodePoints)
    .map(path => fromFile(path, relative(base, path)))
    .filter(({ ending }) => mediaOf(ending));
  if (inputs.length > 0) return inputs;
  throw new DecantError('not-found', `no picture or video matches '${pattern}'`);
}

const byCodePoints = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
