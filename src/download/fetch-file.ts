import { open, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DecantError } from '../errors.ts';
import { readFile } from '../platform/read-file.ts';
import { writeError } from '../platform/write-files.ts';
import { cancelled, type HttpClient, networkError, type Reply, withoutUser } from './http-client.ts';
import { SpeedFloor } from './speed-floor.ts';
import { backoff, RetryableError, retryAfter } from './retryable-error.ts';

export interface FetchOptions {
  readonly client: HttpClient;
  readonly retries: number;
  readonly retryDelay: number;
  /** Milliseconds without data after which the server counts as stalled. */
  readonly timeout: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((done: number, total: number | undefined) => void) | undefined;
  readonly onRetry?: ((reason: string, delay: number) => void) | undefined;
}

/** Identity of a partial file, stored next to it: only a download of the same file can be resumed. */
interface PartInfo {
  readonly url: string;
  /** Strong ETag or date for `If-Range`. */
  readonly validator?: string | undefined;
  readonly total?: number | undefined;
}

/** Bytes that an attempt must bring, so that one byte at a time does not go on forever. */
const MIN_PROGRESS = 2 ** 14;

const MAX_INFO_BYTES = 2 ** 20;

/** Milliseconds; longer waits that a server asks for are errors. */
const MAX_WAIT = 5 * 60_000;

/**
 * Resumes `part` if it exists, and keeps it on failure for the next attempt.
 *
 * @param infoPath file for the data needed to resume
 * @returns whether it was resumed, so that a faulty server may have mixed two files
 */
export async function fetchFile(url: URL, part: string, infoPath: string, options: FetchOptions): Promise<boolean> {
  const { retries, retryDelay, signal, onRetry } = options;
  let failures = 0;
  let largest = await sizeOf(part);
  let resumed = false;
  for (;;) {
    try {
      return (await attempt(url, part, infoPath, options)) || resumed;
    } catch (thrown) {
      if (signal?.aborted === true) throw cancelled(signal.reason);
      if (!(thrown instanceof RetryableError)) throw thrown;
      const size = await sizeOf(part);
      failures = size >= largest + MIN_PROGRESS ? 1 : failures + 1;
      largest = Math.max(size, largest);
      resumed = true;
      if (failures > retries) throw networkError(url, `${thrown.message}${timesInARow(failures)}`, thrown);
      const wait = thrown.wait ?? backoff(failures, retryDelay);
      if (wait > MAX_WAIT) {
        throw networkError(url, `${thrown.message} and asks to wait ${Math.ceil(wait / 60_000)} minutes`, thrown);
      }
      onRetry?.(thrown.message, wait);
      await sleep(wait, undefined, { signal }).catch((reason: unknown) => {
        throw cancelled(reason);
      });
    }
  }
}

const timesInARow = (n: number): string => (n === 1 ? '' : `, ${n} times in a row`);

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function attempt(url: URL, part: string, infoPath: string, options: FetchOptions): Promise<boolean> {
  const { client, signal, timeout, maxBytes, onBytes } = options;
  const info = await readPartInfo(infoPath, url);
  const size = await sizeOf(part);
  // An earlier process ended after the last byte, but before moving the file.
  if (size > 0 && size === info?.total) return true;
  const validator = size > 0 ? info?.validator : undefined;
  const range = validator === undefined ? {} : { range: `bytes=${size}-`, 'if-range': validator };
  const reply = await client.get(url, range, signal);
  const start = await startOf(reply, size, url, part).catch((thrown: unknown) => {
    reply.discard();
    throw thrown;
  });
  const total = totalOf(reply, start);
  if (total !== undefined && total > maxBytes) {
    reply.discard();
    throw await tooLarge(url, part, infoPath, maxBytes);
  }
  const body = reply.body();
  if (start === 0) {
    await onDisk(part, () => writeFile(part, ''));
    await onDisk(part, () => writeFile(infoPath, JSON.stringify(partInfoOf(reply, url, total))));
  }
  await checkSpace(part, start, total);
  const floor = new SpeedFloor(2 * timeout);
  let before = start;
  const end = await append(part, start, body, async done => {
    if (done > maxBytes) throw await tooLarge(url, part, infoPath, maxBytes);
    floor.add(done - before);
    before = done;
    onBytes?.(done, total);
  });
  if (total !== undefined && end !== total) {
    throw new RetryableError(`the server sent ${end} of ${total} bytes`);
  }
  return start > 0;
}

async function tooLarge(url: URL, part: string, infoPath: string, maxBytes: number): Promise<DecantError> {
  await rm(part, { force: true });
  await rm(infoPath, { force: true });
  const problem = `${withoutUser(url)} is larger than the ${maxBytes} bytes allowed`;
  return new DecantError('limit', problem, { remedy: 'Raise the limit: `decant download --max-size GB`.' });
}

async function startOf(reply: Reply, size: number, url: URL, part: string): Promise<number> {
  const { status, header } = reply;
  if (status === 200) return 0;
  const [, start] = /^bytes (\d+)-/.exec(header('content-range') ?? '') ?? [];
  if (status === 206 && Number(start) === size) return size;
  if (status === 206 || status === 416) {
    // The file has changed on the server: starts over.
    await onDisk(part, () => truncate(part));
    throw new RetryableError('the server sent a range that was not requested');
  }
  throw statusError(reply, url);
}

const RETRYABLE = [408, 425, 429, 500, 502, 503, 504];

function statusError({ status, header }: Reply, url: URL): Error {
  if (RETRYABLE.includes(status)) {
    return new RetryableError(`the server responded with ${status}`, { wait: retryAfter(header('retry-after')) });
  }
  if (status === 404 || status === 410) {
    return new DecantError('not-found', `${withoutUser(url)} does not exist: the server responded with ${status}`, {
      remedy: 'Check the URL; `decant download --list` lists the known models.',
    });
  }
  if (status === 401 || status === 403) {
    return networkError(url, `the server responded with ${status}: access requires permission`);
  }
  return networkError(url, `the server responded with ${status}`);
}

function totalOf({ status, header }: Reply, start: number): number | undefined {
  const [, total] = /\/(\d+)$/.exec(header('content-range') ?? '') ?? [];
  if (status === 206 && total !== undefined) return Number(total);
  const length = header('content-length');
  return length === undefined ? undefined : start + Number(length);
}

function partInfoOf({ header }: Reply, url: URL, total: number | undefined): PartInfo {
  const etag = header('etag');
  const validator = etag?.startsWith('"') === true ? etag : header('last-modified');
  return { url: withoutUser(url), validator, total };
}

async function readPartInfo(path: string, url: URL): Promise<PartInfo | undefined> {
  const text = await readFile(path, MAX_INFO_BYTES).then(String, () => 'null');
  try {
    const info = JSON.parse(text) as PartInfo | null;
    return info?.url === withoutUser(url) ? info : undefined;
  } catch {
    return undefined;
  }
}

async function checkSpace(part: string, start: number, total: number | undefined): Promise<void> {
  const disk = await statfs(dirname(part)).catch(() => undefined);
  if (disk === undefined || total === undefined) return;
  const free = disk.bavail * disk.bsize;
  if (total - start <= free) return;
  throw new DecantError(
    'io',
    `not enough disk space for ${part}: ${total - start} bytes are needed, ${free} are free`,
    {
      remedy: 'Free some space, or choose another folder.',
    },
  );
}

async function append(
  part: string,
  start: number,
  body: AsyncIterable<Uint8Array>,
  onBytes: (done: number) => Promise<void>,
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
      await onBytes(at);
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
    // Frees the disk.
    if (code === 'ENOSPC' || code === 'EDQUOT') await rm(part, { force: true });
    throw writeError(part, thrown);
  }
}
