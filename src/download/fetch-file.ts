import { open, readFile, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DecantError } from '../errors.ts';
import { writeError } from '../platform/write-files.ts';
import { cancelled, type HttpClient, networkError, type Reply, withoutUser } from './http-client.ts';
import { backoff, RetryableError, retryAfter } from './retryable-error.ts';

export interface FetchOptions {
  readonly client: HttpClient;
  /** Tries after which the server is given up, counted from the last one that brought new bytes. */
  readonly retries: number;
  /** Milliseconds before the first of them. */
  readonly retryDelay: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are there, and all of them where the server has said. */
  readonly onBytes?: ((done: number, total: number | undefined) => void) | undefined;
  /** Learns why, and in how many milliseconds, there is another try. */
  readonly onRetry?: ((why: string, wait: number) => void) | undefined;
}

/** What a server said of the file that a part is of: only a part of the very same file can be gone on with. */
interface PartFacts {
  readonly url: string;
  /** A validator as `If-Range` takes it: a strong ETag, or a date. */
  readonly validator?: string | undefined;
  readonly total?: number | undefined;
}

/** A server that asks for more patience than this, in milliseconds, is left alone. */
const LONGEST_WAIT = 5 * 60_000;

/**
 * Downloads a URL into the file `part`, going on with what is there of it. Where it fails, the part stays, for the next
 * time.
 *
 * @param facts the path of a file for what the next time has to know
 * @returns whether the part was gone on with, so that it may be of two files if the server is wrong
 * @throws DecantError `network`, `not-found`, `io`, `cancelled`
 */
export async function fetchFile(url: URL, part: string, facts: string, options: FetchOptions): Promise<boolean> {
  const { retries, retryDelay, signal, onRetry } = options;
  let [failures, most, resumed] = [0, await sizeOf(part), false];
  for (;;) {
    try {
      return (await attempt(url, part, facts, options)) || resumed;
    } catch (thrown) {
      if (signal?.aborted === true) throw cancelled(signal.reason);
      if (!(thrown instanceof RetryableError)) throw thrown;
      const size = await sizeOf(part);
      if (size > most) failures = 0;
      [failures, most, resumed] = [failures + 1, Math.max(size, most), true];
      if (failures > retries) throw networkError(url, `${thrown.message}, ${tries(failures)}`, thrown);
      const wait = thrown.wait ?? backoff(failures, retryDelay);
      if (wait > LONGEST_WAIT) {
        throw networkError(url, `${thrown.message}, and asks to wait for ${Math.ceil(wait / 60_000)} minutes`, thrown);
      }
      onRetry?.(thrown.message, wait);
      await sleep(wait, undefined, { signal }).catch((reason: unknown) => {
        throw cancelled(reason);
      });
    }
  }
}

const tries = (n: number): string => (n === 1 ? 'at the only try' : `at ${n} tries in a row`);

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** One request. Whether it went on with bytes of an earlier one. */
async function attempt(url: URL, part: string, factsPath: string, options: FetchOptions): Promise<boolean> {
  const { client, signal, onBytes } = options;
  const known = await readFacts(factsPath, url);
  const there = await sizeOf(part);
  // It was ended between its last byte and its move to its place.
  if (there > 0 && there === known?.total) return true;
  const validator = there > 0 ? known?.validator : undefined;
  const range = validator === undefined ? {} : { range: `bytes=${there}-`, 'if-range': validator };
  const reply = await client.get(url, range, signal);
  const start = await startOf(reply, there, url, part).catch((thrown: unknown) => {
    reply.discard();
    throw thrown;
  });
  const total = totalOf(reply, start);
  const body = reply.body();
  if (start === 0) {
    await onDisk(part, () => writeFile(part, ''));
    await onDisk(part, () => writeFile(factsPath, JSON.stringify(factsOf(reply, url, total))));
  }
  await checkSpace(part, start, total);
  const end = await append(part, start, body, done => onBytes?.(done, total));
  if (total !== undefined && end !== total) {
    throw new RetryableError(`the server sent ${end} bytes of ${total}`);
  }
  return start > 0;
}

/** The place in the file where the body begins. @throws for a reply that has none of the file */
async function startOf(reply: Reply, there: number, url: URL, part: string): Promise<number> {
  const { status, header } = reply;
  if (status === 200) return 0;
  const [, start] = /^bytes (\d+)-/.exec(header('content-range') ?? '') ?? [];
  if (status === 206 && Number(start) === there) return there;
  if (status === 206 || status === 416) {
    // Its file is another one than the part is of: from the beginning then.
    await onDisk(part, () => truncate(part));
    throw new RetryableError('the server has another part of the file than it was asked for');
  }
  throw refusal(reply, url);
}

const MAY_PASS = [408, 425, 429, 500, 502, 503, 504];

function refusal({ status, header }: Reply, url: URL): Error {
  if (MAY_PASS.includes(status)) {
    return new RetryableError(`the server answers ${status}`, { wait: retryAfter(header('retry-after')) });
  }
  if (status === 404 || status === 410) {
    return new DecantError('not-found', `there is nothing at ${withoutUser(url)}: the server answers ${status}`, {
      remedy: 'Check the address; `decant download --list` shows the models that decant knows.',
    });
  }
  if (status === 401 || status === 403) {
    return networkError(url, `the server answers ${status}: it gives it only to those who are allowed to have it`);
  }
  return networkError(url, `the server answers ${status}`);
}

function totalOf({ status, header }: Reply, start: number): number | undefined {
  const [, total] = /\/(\d+)$/.exec(header('content-range') ?? '') ?? [];
  if (status === 206 && total !== undefined) return Number(total);
  const length = header('content-length');
  return length === undefined ? undefined : start + Number(length);
}

function factsOf({ header }: Reply, url: URL, total: number | undefined): PartFacts {
  const etag = header('etag');
  const validator = etag?.startsWith('"') === true ? etag : header('last-modified');
  return { url: withoutUser(url), validator, total };
}

async function readFacts(path: string, url: URL): Promise<PartFacts | undefined> {
  const text = await readFile(path, 'utf8').catch(() => 'null');
  try {
    const facts = JSON.parse(text) as PartFacts | null;
    return facts?.url === withoutUser(url) ? facts : undefined;
  } catch {
    return undefined;
  }
}

/** Says at once that there is no room, where the system tells of its room. */
async function checkSpace(part: string, start: number, total: number | undefined): Promise<void> {
  const facts = await statfs(dirname(part)).catch(() => undefined);
  if (facts === undefined || total === undefined) return;
  const free = facts.bavail * facts.bsize;
  if (total - start <= free) return;
  throw new DecantError(
    'io',
    `the disk has no room for ${part}: it takes ${total - start} bytes, and ${free} are free`,
    {
      remedy: 'Free some space, or choose another folder.',
    },
  );
}

/** Writes chunks behind `start`; the length of the file then. */
async function append(
  part: string,
  start: number,
  body: AsyncIterable<Uint8Array>,
  onBytes: (done: number) => void,
): Promise<number> {
  const file = await onDisk(part, () => open(part, 'r+'));
  let at = start;
  try {
    for await (const chunk of body) {
      for (let from = 0; from < chunk.byteLength;) {
        const { bytesWritten } = await onDisk(part, () => file.write(chunk, from, chunk.byteLength - from, at));
        from += bytesWritten;
        at += bytesWritten;
      }
      onBytes(at);
    }
    return at;
  } finally {
    await file.close();
  }
}

async function onDisk<T>(part: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    // Half of a file is no use to a disk that is full.
    if (code === 'ENOSPC' || code === 'EDQUOT') await rm(part, { force: true });
    throw writeError(part, thrown);
  }
}
