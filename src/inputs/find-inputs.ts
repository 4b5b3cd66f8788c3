import { readdir as readdirWith, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { asDecantError, DecantError } from '../errors.ts';
import { exists } from '../platform/exists.ts';
import { fileError } from '../platform/file-error.ts';
import { nearPathsHint } from '../platform/near-paths.ts';
import type { Input } from './input.ts';
import { isText } from './is-text.ts';
import { mediaOf } from './media-types.ts';

export interface FindInputsOptions {
  /** Folders to skip inside others, because results are written there. */
  readonly except?: readonly string[] | undefined;
  /** Endings of files to find besides those of images and videos: `.npy`. */
  readonly also?: readonly string[] | undefined;
}

/**
 * Resolves command line arguments to inputs: files, folders (searched recursively), patterns like `shots/*.jpg`,
 * HTTP(S) and RTSP URLs, `camera:0` or `/dev/video0`, and `-` for standard input. Keeps the order of arguments; the
 * files of a folder or pattern are sorted. Folders are searched without hidden files and `node_modules`. A missing file is an input, too, and fails when it is read.
 */
export async function findInputs(
  names: readonly string[],
  { except = [], also = [] }: FindInputsOptions = {},
): Promise<readonly Input[]> {
  const excluded = new Set(except.map(folder => resolve(folder)));
  const isWanted: IsWanted = async ({ name, ending }) => {
    // Camcorders write `.mts`, and so do authors of TypeScript.
    if (ending === '.mts') return !(await isText(name));
    return mediaOf(ending) !== undefined || also.includes(ending);
  };
  const inputs: (readonly Input[])[] = [];
  for (const name of names) inputs.push(await inputsOf(name, excluded, isWanted));
  return inputs.flat();
}

const NAME_THEM =
  'Names in folders and patterns must end like .jpg, .png or .mp4. A file with another ending can be named itself.';

type IsWanted = (input: Input) => Promise<boolean>;

async function wanted(inputs: readonly Input[], isWanted: IsWanted): Promise<readonly Input[]> {
  const kept: Input[] = [];
  for (const input of inputs) if (await isWanted(input)) kept.push(input);
  return kept;
}

async function inputsOf(name: string, except: ReadonlySet<string>, isWanted: IsWanted): Promise<readonly Input[]> {
  if (name === '-') return [{ kind: 'image', from: 'stdin', name, stem: 'stdin', ending: '' }];
  if (/^(?:https?|rtsps?):\/\//i.test(name)) return [fromUrl(name)];
  if (/^(?:camera:\d+|\/dev\/video\d+)$/.test(name)) {
    return [{ kind: 'video', from: 'camera', name, stem: `camera-${/\d+$/.exec(name)![0]}`, ending: '' }];
  }
  const stats = await stat(name).catch(() => undefined);
  if (stats?.isDirectory() === true) return inFolder(name, except, isWanted);
  if (stats === undefined && /[*?[{]/.test(name)) return matching(name, except, isWanted);
  return [fromFile(name, basename(name))];
}

function fromFile(path: string, below: string): Input {
  const ending = extname(path);
  const stem = below.slice(0, below.length - ending.length);
  const kind = mediaOf(ending.toLowerCase()) ?? 'image';
  return { kind, from: 'file', name: path, stem, ending: ending.toLowerCase() };
}

function fromUrl(name: string): Input {
  const last = basename(URL.canParse(name) ? new URL(name).pathname : '').replaceAll(/[^\w.-]+/g, '_');
  const ending = extname(last).toLowerCase();
  const kind = /^rtsp/i.test(name) ? 'video' : (mediaOf(ending) ?? 'image');
  const fallback = kind === 'video' ? 'video' : 'image';
  return { kind, from: 'url', name, stem: basename(last, extname(last)) || fallback, ending };
}

async function inFolder(folder: string, except: ReadonlySet<string>, isWanted: IsWanted): Promise<readonly Input[]> {
  const unreadable: Input[] = [];
  const files = (await filesBelow(folder, except, unreadable)).sort(byCodePoints);
  const found = files.map(path => fromFile(path, relative(folder, path)));
  const inputs = [...(await wanted(found, isWanted)), ...unreadable];
  if (inputs.length > 0) return inputs;
  throw new DecantError('not-found', `'${folder}' has no images or videos`, { remedy: NAME_THEM });
}

/**
 * Skips hidden files and folders, `node_modules`, and links to folders, which may be cyclic. Folders that cannot be listed
 * become `unreadable` inputs.
 */
async function filesBelow(folder: string, except: ReadonlySet<string>, unreadable: Input[]): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
    throw fileError(folder, thrown);
  });
  const paths = entries.map(async entry => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    if (entry.isDirectory()) {
      if (except.has(resolve(path))) return [];
      return filesBelow(path, except, unreadable).catch((thrown: unknown) => {
        unreadable.push(unreadableFolder(path, thrown));
        return [];
      });
    }
    const isFile = entry.isSymbolicLink() ? (await stat(path).catch(() => undefined))?.isFile() : entry.isFile();
    return isFile === true ? [path] : [];
  });
  return (await Promise.all(paths)).flat();
}

const unreadableFolder = (path: string, thrown: unknown): Input => ({
  ...fromFile(path, basename(path)),
  kind: 'image',
  problem: asDecantError(thrown),
});

async function matching(pattern: string, except: ReadonlySet<string>, isWanted: IsWanted): Promise<readonly Input[]> {
  const { glob } = await import('tinyglobby');
  const slashes = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const unreadable: Input[] = [];
  const paths = await glob(slashes, {
    absolute: isAbsolute(pattern),
    expandDirectories: false,
    followSymbolicLinks: false,
    fs: {
      readdir: listingFolders((path, error) => {
        const named = isAbsolute(pattern) ? resolve(path) : relative('.', path);
        unreadable.push(unreadableFolder(named, fileError(named, error)));
      }),
    },
  });
  const base = dirname(`${/^[^*?[{]*/.exec(slashes)![0]}x`);
  const isIncluded = (path: string): boolean =>
    ![...except].some(folder => join(resolve(path), '/').startsWith(join(folder, '/')));
  const found = paths
    .filter(isIncluded)
    .sort(byCodePoints)
    .map(path => fromFile(path, relative(base, path)));
  const inputs = [...(await wanted(found, isWanted)), ...unreadable.filter(({ name }) => isIncluded(name))];
  if (inputs.length > 0) return inputs;
  const remedy = (await exists(base)) ? NAME_THEM : `There is no folder '${base}'. ${nearPathsHint(base)}`.trim();
  throw new DecantError('not-found', `no image or video matches '${pattern}'`, { remedy });
}

/** Returns `readdir` that reports folders that exist but cannot be listed, which a pattern would skip. */
function listingFolders(report: (path: string, error: Error) => void): typeof readdirWith {
  const list = (
    path: string,
    options: { readonly withFileTypes: true },
    done: (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void,
  ): void => {
    readdirWith(path, options, (error, entries) => {
      if (error !== null && error.code !== 'ENOENT' && error.code !== 'ENOTDIR') report(path, error);
      done(error, entries);
    });
  };
  return list as typeof readdirWith;
}

function byCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
