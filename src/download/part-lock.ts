import { open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exists } from '../platform/exists.ts';
import { newToken, ownerIn, TOKEN } from '../platform/process-token.ts';
import { writeError } from '../platform/write-files.ts';

export interface PartLock {
  /** Path of the part, next to the target; the owner moves it there when it is complete. */
  readonly part: string;
  /** Lets other processes resume the part, if it is still there. */
  release(): Promise<void>;
}

export interface PartLockOptions {
  readonly signal?: AbortSignal | undefined;
  readonly isDone: () => Promise<boolean>;
  readonly onWait?: ((bytes: number) => void) | undefined;
}

/** Milliseconds. */
const POLL_INTERVAL = 200;
const HEARTBEAT_INTERVAL = 5000;
/** An owner without a heartbeat for this long counts as silent: it may be suspended, or on another machine. */
const HEARTBEAT_TIMEOUT = 60_000;

const partOf = (path: string): string => join(dirname(path), `.${basename(path)}.part`);

/**
 * Waits until no other process downloads the file at `path`, then takes ownership of its part, with the bytes that an earlier
 * owner left. The owner is part of the file name, and renaming is atomic: only one process can take over a part.
 *
 * @returns undefined if the file is complete
 */
export async function lockPart(path: string, options: PartLockOptions): Promise<PartLock | undefined> {
  const idle = partOf(path);
  const own = `${idle}.${newToken()}`;
  for (;;) {
    options.signal?.throwIfAborted();
    if (await options.isDone()) return undefined;
    const owned = await ownedParts(idle);
    const alive = owned.find(part => part.state === 'alive');
    if (alive !== undefined) {
      options.onWait?.(alive.bytes);
      await sleep(POLL_INTERVAL, undefined, { signal: options.signal });
      continue;
    }
    if (await takeOver(idle, own, owned[0])) return hold(idle, own);
  }
}

interface OwnedPart {
  readonly path: string;
  readonly bytes: number;
  readonly state: PartState;
}

/** A silent owner may resume writing. */
export type PartState = 'alive' | 'silent' | 'dead';

const OWNED = new RegExp(`\\.part\\.${TOKEN.source}$`);

/** Returns the state of a part's owner by its name and modification time (milliseconds); undefined for other files. */
export function partState(name: string, written: number): PartState | undefined {
  const [owned] = OWNED.exec(name) ?? [];
  if (owned === undefined) return undefined;
  if (ownerIn(owned) === 'dead') return 'dead';
  return Date.now() - written > HEARTBEAT_TIMEOUT ? 'silent' : 'alive';
}

async function ownedParts(idle: string): Promise<readonly OwnedPart[]> {
  const names = (await readdir(dirname(idle)).catch(() => [])).filter(name => name.startsWith(`${basename(idle)}.`));
  const parts: OwnedPart[] = [];
  for (const name of names) {
    const path = join(dirname(idle), name);
    const stats = await stat(path).catch(() => undefined);
    const state = stats && partState(name, stats.mtimeMs);
    if (state !== undefined) parts.push({ path, bytes: stats!.size, state });
  }
  return parts;
}

async function takeOver(idle: string, own: string, abandoned: OwnedPart | undefined): Promise<boolean> {
  try {
    if (abandoned === undefined) {
      if (await exists(idle)) {
        await take(idle, own);
        return true;
      }
      // Only one of several processes can create it; all of them compete for the rename.
      await (await open(idle, 'wx')).close();
      return false;
    }
    await take(abandoned.path, own);
    if (abandoned.state === 'dead') return true;
    // Starts a new file, because the silent owner may still write into the old one.
    await rm(own);
    await (await open(own, 'wx')).close();
    return true;
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ENOENT' || code === 'EEXIST') return false;
    throw writeError(idle, thrown);
  }
}

/** Updates the time first: a new owner of an old part would look silent. */
async function take(part: string, own: string): Promise<void> {
  const now = new Date();
  await utimes(part, now, now);
  await rename(part, own);
}

function hold(idle: string, own: string): PartLock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // Fails if the part was moved to its target, or taken over.
    utimes(own, now, now).catch(() => undefined);
  }, HEARTBEAT_INTERVAL);
  heartbeat.unref();
  return {
    part: own,
    async release() {
      clearInterval(heartbeat);
      const size = await stat(own).then(
        stats => stats.size,
        () => undefined,
      );
      if (size === 0) await rm(own, { force: true });
      else if (size !== undefined) await rename(own, idle).catch(() => undefined);
      else await rm(idle, { force: true });
    },
  };
}
