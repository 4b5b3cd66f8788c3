import type { Response } from 'undici';
import { proxiedFetch } from '../net/proxied-fetch.ts';
import { collectBytes } from '../pipeline/collect-bytes.ts';
import { DecantError, fetchReason } from '../errors.ts';

export interface FetchImageOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, in total. */
  readonly timeout?: number | undefined;
  readonly maxBytes?: number | undefined;
}

const TIMEOUT = 60_000;

/** Far more than cameras write, and small enough to hold several files in memory. */
const MAX_BYTES = 2 ** 28;

const SAVE_IT = 'Save the image with a browser, and pass its path.';

/** Respects `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
export async function fetchImage(
  url: string,
  { signal, timeout = TIMEOUT, maxBytes = MAX_BYTES }: FetchImageOptions = {},
): Promise<Uint8Array> {
  if (!URL.canParse(url)) throw new DecantError('invalid-argument', `'${url}' is not a URL`);
  const timedOut = AbortSignal.timeout(timeout);
  try {
    const response = await proxiedFetch(url, {
      signal: signal === undefined ? timedOut : AbortSignal.any([signal, timedOut]),
    });
    checkResponse(url, response);
    return await bodyOf(url, response, maxBytes);
  } catch (thrown) {
    if (thrown instanceof DecantError) throw thrown;
    if (signal?.aborted === true) throw new DecantError('cancelled', `fetching ${url} was cancelled`);
    const reason = timedOut.aborted ? `it took longer than ${timeout / 1000} s` : fetchReason(thrown);
    throw new DecantError('io', `${url} cannot be fetched: ${reason}`, { cause: thrown, remedy: SAVE_IT });
  }
}

function checkResponse(url: string, { ok, status, statusText, headers }: Response): void {
  if (!ok) {
    const code = status === 404 || status === 410 ? 'not-found' : 'io';
    throw new DecantError(
      code,
      `${url} cannot be fetched: the server responded with ${`${status} ${statusText}`.trim()}`,
    );
  }
  const type = headers.get('content-type') ?? '';
  if (!/^(?:text\/|application\/(?:json|xhtml))/i.test(type)) return;
  throw new DecantError('bad-image', `${url} is not an image: the server sent ${type}`, { remedy: SAVE_IT });
}

function bodyOf(url: string, { body }: Response, maxBytes: number): Promise<Uint8Array> {
  const problem = `${url} is too large for an image: more than ${maxBytes} bytes`;
  return collectBytes((body ?? []) as AsyncIterable<Uint8Array>, maxBytes, () => new DecantError('limit', problem));
}
