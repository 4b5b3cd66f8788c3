import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeError } from '../platform/write-files.ts';

/** The part of a file that this process alone works on. */
export interface PartLock {
  /** The part, beside the place of the file; the owner moves it there when it is whole. */
  readonly part: string;
  /** Lets others go on with the part, as far as there is one. */
  release(): Promise<void>;
}

export interface PartLockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether the file is there, made by another process. */
  readonly isDone: () => Promise<boolean>;
  /** Learns how many bytes the process has that is waited for. */
  readonly onWait?: ((bytes: number) => void) | undefined;
}

/** Milliseconds between looks at the part of another process. */
const POLL = 200;
/** Milliseconds between the signs of life that an owner gives. */
const HEARTBEAT = 5000;
/** Milliseconds after which an owner that gives none counts as dead: it may be on another machine, or suspended. */
const SILENCE = 60_000;

/** This machine, as the name of a file may hold it. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** The name of a part that nobody owns. */
const partOf = (path: string): string => join(dirname(path), `.${basename(path)}.part`);

/**
 * Waits until no other process works on the file at `path`, and then owns its part, with what an earlier owner left in it.
 * The owner is in the part's name, and a name changes for one process only: a dead owner's part is taken over by one.
 *
 * @returns undefined once the file is there
 */
export async function lockPart(path: string, options: PartLockOptions): Promise<PartLock | undefined> {
  const idle = partOf(path);
  const own = `${idle}.${HOST}-${process.pid}-${randomBytes(4).toString('hex')}`;
  for (;;) {
    options.signal?.throwIfAborted();
    if (await options.isDone()) return undefined;
    const owned = await ownedParts(idle);
    const living = owned.find(part => part.state === 'living');
    if (living !== undefined) {
      options.onWait?.(living.bytes);
      await sleep(POLL, undefined, { signal: options.signal });
      continue;
    }
    if (await takeOver(idle, own, owned[0])) return hold(idle, own);
  }
}

interface OwnedPart {
  readonly path: string;
  readonly bytes: number;
  readonly state: OwnerState;
}

/** Of a silent owner nothing can be known: it may wake and write on. */
export type OwnerState = 'living' | 'silent' | 'dead';

/** How the owner is of a part of this name, which was last written to at `written`; undefined for any other file. */
export function ownerOf(name: string, written: number): OwnerState | undefined {
  const [, host, pid] = /\.part\.([0-9a-f]+)-(\d+)-[0-9a-f]+$/.exec(name) ?? [];
  if (host === undefined) return undefined;
  if (host === HOST && !isRunning(Number(pid))) return 'dead';
  return Date.now() - written > SILENCE ? 'silent' : 'living';
}

async function ownedParts(idle: string): Promise<readonly OwnedPart[]> {
  const names = (await readdir(dirname(idle)).catch(() => [])).filter(name => name.startsWith(`${basename(idle)}.`));
  const parts: OwnedPart[] = [];
  for (const name of names) {
    const path = join(dirname(idle), name);
    const facts = await stat(path).catch(() => undefined);
    const state = facts && ownerOf(name, facts.mtimeMs);
    if (state !== undefined) parts.push({ path, bytes: facts!.size, state });
  }
  return parts;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Of a process of another user it is known that it is there.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Renames a part that nobody owns, or makes one. False where another process was faster. */
async function takeOver(idle: string, own: string, left: OwnedPart | undefined): Promise<boolean> {
  try {
    if (left === undefined) {
      if (await isThere(idle)) {
        await take(idle, own);
        return true;
      }
      // Two processes that both find nothing make it once, and meet again at the rename.
      await (await open(idle, 'wx')).close();
      return false;
    }
    await take(left.path, own);
    if (left.state === 'dead') return true;
    // A new file: the silent owner may wake and write into the one that it holds open.
    await rm(own);
    await (await open(own, 'wx')).close();
    return true;
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ENOENT' || code === 'EEXIST') return false;
    throw writeError(idle, thrown);
  }
}

/** The sign of life comes first: an old part with a new owner would look like that of a silent one. */
async function take(part: string, own: string): Promise<void> {
  const now = new Date();
  await utimes(part, now, now);
  await rename(part, own);
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function hold(idle: string, own: string): PartLock {
  const beat = setInterval(() => {
    const now = new Date();
    // The part has its place already, or another process has it.
    utimes(own, now, now).catch(() => undefined);
  }, HEARTBEAT);
  beat.unref();
  return {
    part: own,
    async release() {
      clearInterval(beat);
      const size = await stat(own).then(
        facts => facts.size,
        () => undefined,
      );
      if (size === 0) await rm(own, { force: true });
      else if (size !== undefined) await rename(own, idle).catch(() => undefined);
      else await rm(idle, { force: true });
    },
  };
}
