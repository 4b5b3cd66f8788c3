import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '../platform/cache-folder.ts';
import { writeError } from '../platform/write-files.ts';
import { ownerOf } from './part-lock.ts';

/** Something in decant's cache that is made and removed as one. */
export interface CacheEntry {
  /** The folder of the cache that it is in: `downloads`, `models` (converted ones), `openvino`. */
  readonly kind: string;
  /** What a user calls it; several entries may have the same name. */
  readonly name: string;
  readonly bytes: number;
  /** When it was last read or written, in milliseconds since 1970; a system may note reads once a day only. */
  readonly used: number;
  /** `partial`: not finished, and nobody is at it. `busy`: a process is at it. */
  readonly state: 'ready' | 'partial' | 'busy';
  /** The files and folders that it is made of. */
  readonly paths: readonly string[];
}

/** What a kind of the cache holds: entries by the names of files, and what users call them. */
interface Kind {
  /** Which entry a file or folder of the kind's folder belongs to. */
  readonly keyOf: (file: string) => string;
  readonly nameOf: (key: string, folder: string) => string | Promise<string>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  downloads: { keyOf: file => file, nameOf: key => key.replace(/-[0-9a-f]{8}$/, '') },
  models: { keyOf: file => file.replace(/^\.?([0-9a-f]{32}).*$/, '$1'), nameOf: nameOfModel },
  openvino: { keyOf: file => file, nameOf: key => `openvino-${key}` },
};

/** Kinds that have no entries of their own are one each. */
const WHOLE: Kind = { keyOf: () => '', nameOf: (_, folder) => folder };

/** All that is in decant's cache, the largest first. */
export async function cacheEntries(): Promise<readonly CacheEntry[]> {
  const folders = await readdir(cacheRoot(), { withFileTypes: true }).catch(() => []);
  const entries = await Promise.all(
    folders.filter(entry => entry.isDirectory()).map(({ name }) => entriesOf(name, KINDS[name] ?? WHOLE)),
  );
  return entries.flat().sort((a, b) => b.bytes - a.bytes);
}

/** @throws DecantError `io` */
export async function removeCacheEntry({ paths }: CacheEntry): Promise<void> {
  for (const path of paths) {
    await rm(path, { recursive: true, force: true }).catch((thrown: unknown) => {
      throw writeError(path, thrown);
    });
  }
}

async function entriesOf(kind: string, { keyOf, nameOf }: Kind): Promise<readonly CacheEntry[]> {
  const root = join(cacheRoot(), kind);
  const byKey = new Map<string, string[]>();
  for (const file of await readdir(root).catch(() => [])) {
    byKey.set(keyOf(file), [...(byKey.get(keyOf(file)) ?? []), file]);
  }
  return Promise.all(
    [...byKey].map(async ([key, files]) => {
      const paths = files.map(file => join(root, file));
      const facts = (await Promise.all(paths.map(factsBelow))).flat();
      const bytes = facts.reduce((sum, { size }) => sum + size, 0);
      const used = Math.max(0, ...facts.map(fact => fact.used));
      return { kind, name: await nameOf(key, kind), bytes, used, state: stateOf(facts), paths };
    }),
  );
}

interface FileFacts {
  readonly path: string;
  readonly size: number;
  readonly written: number;
  readonly used: number;
}

async function factsBelow(path: string): Promise<readonly FileFacts[]> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return [];
  if (facts.isDirectory()) {
    const names = await readdir(path).catch(() => []);
    return (await Promise.all(names.map(name => factsBelow(join(path, name))))).flat();
  }
  // An .xml is read for its name by whoever lists it, which is no use of it.
  const read = path.endsWith('.xml') ? 0 : facts.atimeMs;
  return [{ path, size: facts.size, written: facts.mtimeMs, used: Math.max(read, facts.mtimeMs) }];
}

/** Files that are not finished, of downloads and of what is written beside its place. */
const PART = /\.part(?:\.[^./\\]+)?$/;
/** Folders that `decant setup` works in. */
const SETUP = /[/\\]openvino[/\\]partial-[^/\\]+[/\\]/;
/** Milliseconds without a write after which no setup is at such a folder. */
const SILENCE = 60_000;

function stateOf(facts: readonly FileFacts[]): CacheEntry['state'] {
  const isBusy = ({ path, written }: FileFacts): boolean =>
    SETUP.test(path) ? written > Date.now() - SILENCE : ownerOf(path, written) === 'living';
  if (facts.some(isBusy)) return 'busy';
  return facts.length === 0 || facts.some(({ path }) => PART.test(path) || SETUP.test(path)) ? 'partial' : 'ready';
}

/** Enough for the root element of an IR, which names the model. */
const HEAD_BYTES = 1024;

async function nameOfModel(key: string, kind: string): Promise<string> {
  try {
    await using file = await open(join(cacheRoot(), kind, `${key}.xml`));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const [, name] = /<net\b[^>]*\bname="([^"]*)"/.exec(buffer.toString('utf8', 0, bytesRead)) ?? [];
    return name ?? key;
  } catch {
    return key;
  }
}
