import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MARK, whileUnused } from '../platform/cache-use.ts';
import { cacheRoot } from '../platform/cache-folder.ts';
import { openFile } from '../platform/open-file.ts';
import { ownerIn } from '../platform/process-token.ts';
import { writeError } from '../platform/write-files.ts';
import { partState } from './part-lock.ts';

export interface CacheEntry {
  /** Folder of the cache: `downloads`, `models` (converted), `openvino`. */
  readonly kind: string;
  /** Not unique. */
  readonly name: string;
  readonly bytes: number;
  /** Time of last use, in milliseconds since 1970; systems may record reads only once a day. */
  readonly used: number;
  /** `partial`: unfinished and abandoned. `busy`: a process is writing it. */
  readonly state: 'ready' | 'partial' | 'busy';
  readonly paths: readonly string[];
}

interface Kind {
  readonly keyOf: (file: string) => string;
  readonly nameOf: (key: string, folder: string) => string | Promise<string>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  downloads: { keyOf: file => file, nameOf: key => key.replace(/-[0-9a-f]{8}$/, '') },
  models: { keyOf: file => file.replace(/^\.?([0-9a-f]{32}).*$/, '$1'), nameOf: nameOfModel },
  openvino: { keyOf: file => file, nameOf: key => `openvino-${key}` },
};

const SINGLE_ENTRY: Kind = { keyOf: () => '', nameOf: (_, folder) => folder };

export async function cacheEntries(): Promise<readonly CacheEntry[]> {
  const folders = await readdir(cacheRoot(), { withFileTypes: true }).catch(() => []);
  const entries = await Promise.all(
    folders.filter(entry => entry.isDirectory()).map(({ name }) => entriesOf(name, KINDS[name] ?? SINGLE_ENTRY)),
  );
  return entries.flat().sort((a, b) => b.bytes - a.bytes);
}

/** Returns false if a process has begun to use the entry. */
export async function removeCacheEntry({ kind, paths }: CacheEntry): Promise<boolean> {
  const remove = async (): Promise<void> => {
    for (const path of paths) {
      await rm(path, { recursive: true, force: true }).catch((thrown: unknown) => {
        throw writeError(path, thrown);
      });
    }
  };
  if (Object.hasOwn(KINDS, kind)) return whileUnused(paths[0]!, remove);
  await remove();
  return true;
}

async function entriesOf(kind: string, { keyOf, nameOf }: Kind): Promise<readonly CacheEntry[]> {
  const root = join(cacheRoot(), kind);
  const byKey = new Map<string, string[]>();
  for (const file of await readdir(root).catch(() => [])) {
    const [, marked] = MARK.exec(file) ?? [];
    if (marked !== undefined && ownerIn(file) === 'dead') await rm(join(root, file), { force: true });
    else byKey.set(marked ?? keyOf(file), [...(byKey.get(marked ?? keyOf(file)) ?? []), file]);
  }
  return Promise.all(
    [...byKey].map(async ([key, files]) => {
      const paths = files.map(file => join(root, file));
      const stats = (await Promise.all(paths.map(fileStats))).flat();
      const bytes = stats.reduce((sum, { size }) => sum + size, 0);
      const used = Math.max(0, ...stats.map(file => file.used));
      return { kind, name: await nameOf(key, kind), bytes, used, state: stateOf(stats), paths };
    }),
  );
}

interface FileStats {
  readonly path: string;
  readonly size: number;
  readonly written: number;
  readonly used: number;
}

async function fileStats(path: string): Promise<readonly FileStats[]> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return [];
  if (stats.isDirectory()) {
    const names = await readdir(path).catch(() => []);
    return (await Promise.all(names.map(name => fileStats(join(path, name))))).flat();
  }
  // Listing the cache reads the names in .xml files, which is not a use of the model.
  const read = path.endsWith('.xml') ? 0 : stats.atimeMs;
  return [{ path, size: stats.size, written: stats.mtimeMs, used: Math.max(read, stats.mtimeMs) }];
}

const PART = /\.part(?:\.[^./\\]+)?$/;
const SETUP = /[/\\]openvino[/\\]partial-[^/\\]+[/\\]/;

function stateOf(files: readonly FileStats[]): CacheEntry['state'] {
  const isBusy = ({ path, written }: FileStats): boolean =>
    MARK.test(basename(path)) || SETUP.test(path) ? ownerIn(path) === 'alive' : partState(path, written) === 'alive';
  if (files.some(isBusy)) return 'busy';
  return files.length === 0 || files.some(({ path }) => PART.test(path) || SETUP.test(path)) ? 'partial' : 'ready';
}

const HEAD_BYTES = 1024;

async function nameOfModel(key: string, kind: string): Promise<string> {
  try {
    await using file = await openFile(join(cacheRoot(), kind, `${key}.xml`));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const [, name] = /<net\b[^>]*\bname="([^"]*)"/.exec(buffer.toString('utf8', 0, bytesRead)) ?? [];
    return name ?? key;
  } catch {
    return key;
  }
}
