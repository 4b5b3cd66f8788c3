import type { Dispatcher, fetch as Fetch, Response } from 'undici';
import { DecantError } from '../errors.ts';

export interface FetchImageOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the whole of it may last. */
  readonly timeout?: number | undefined;
  /** The largest file. */
  readonly maxBytes?: number | undefined;
}

const TIMEOUT = 60_000;

/** Far more than cameras write, and little enough to be held several times. */
const MAX_BYTES = 2 ** 28;

const SAVE_IT = 'Save the picture with a browser, and give its path.';

/**
 * The bytes of a picture at an `http` or `https` URL, through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name.
 *
 * @throws DecantError `invalid-argument` for no such URL, `not-found`, `io` for other refusals and for networks that fail,
 *   `bad-image` for a page of text, `limit` for too many bytes, `cancelled`
 */
export async function fetchImage(
  url: string,
  { signal, timeout = TIMEOUT, maxBytes = MAX_BYTES }: FetchImageOptions = {},
): Promise<Uint8Array> {
  if (!URL.canParse(url)) throw new DecantError('invalid-argument', `'${url}' is not a URL`);
  const { fetch, dispatcher } = await client();
  const late = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(url, {
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      dispatcher,
    });
    checkResponse(url, response);
    return await bodyOf(url, response, maxBytes);
  } catch (thrown) {
    if (thrown instanceof DecantError) throw thrown;
    if (signal?.aborted === true) throw new DecantError('cancelled', `fetching ${url} was cancelled`);
    const why = late.aborted ? `it took longer than ${timeout / 1000} s` : reasonOf(thrown);
    throw new DecantError('io', `${url} cannot be fetched: ${why}`, { cause: thrown, remedy: SAVE_IT });
  }
}

let connected: Promise<{ readonly fetch: typeof Fetch; readonly dispatcher: Dispatcher }> | undefined;

/** One for all pictures, so that those of one server share its connections. */
const client = (): NonNullable<typeof connected> =>
  (connected ??= import('undici').then(({ EnvHttpProxyAgent, fetch }) => ({
    fetch,
    dispatcher: new EnvHttpProxyAgent({ proxyTunnel: false }),
  })));

function checkResponse(url: string, { ok, status, statusText, headers }: Response): void {
  if (!ok) {
    const code = status === 404 || status === 410 ? 'not-found' : 'io';
    throw new DecantError(code, `${url} cannot be fetched: the server answers ${`${status} ${statusText}`.trim()}`);
  }
  const type = headers.get('content-type') ?? '';
  if (!/^(?:text\/|application\/(?:json|xhtml))/i.test(type)) return;
  throw new DecantError('bad-image', `${url} is no picture: the server sends ${type}`, { remedy: SAVE_IT });
}

async function bodyOf(url: string, { body }: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new DecantError('limit', `${url} is too large for a picture: over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The cause says what happened; the error itself is always the same `fetch failed`. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
