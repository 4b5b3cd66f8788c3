import { DecantError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { proxyAgent } from '../net/proxy-agent.ts';
import { bufferedChunks } from './buffered-chunks.ts';
import { RetryableError } from './retryable-error.ts';

export interface Reply {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: () => AsyncIterable<Uint8Array>;
  readonly discard: () => void;
}

export interface HttpClient {
  /** @throws RetryableError if a retry may succeed */
  get(url: URL, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Reply>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 10;

const REDIRECTS = [301, 302, 303, 307, 308];

/** Without compression, which would change sizes and ranges. */
const OWN_HEADERS = { 'user-agent': `decant/${VERSION}`, 'accept-encoding': 'identity' };

/**
 * Respects `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`.
 *
 * @param timeout milliseconds without data after which a server counts as stalled
 */
export async function httpClient(timeout: number): Promise<HttpClient> {
  const { request } = await import('undici');
  const connect = { timeout };
  const dispatcher = await proxyAgent({ connect, proxyTls: connect, requestTls: connect });
  const send = async (url: URL, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Reply> => {
    try {
      const {
        statusCode,
        headers: received,
        body,
      } = await request(withoutUser(url), {
        dispatcher,
        headers: { ...OWN_HEADERS, ...authorization(url), ...headers },
        headersTimeout: timeout,
        bodyTimeout: timeout,
        signal: signal ?? null,
      });
      // Prevents unhandled errors if the body is not read.
      body.on('error', () => undefined);
      return {
        status: statusCode,
        header: name => [received[name]].flat()[0],
        body: () => mapErrors(bufferedChunks(body), thrown => explain(thrown, url, timeout, signal)),
        discard: () => void body.dump().catch(() => undefined),
      };
    } catch (thrown) {
      throw explain(thrown, url, timeout, signal);
    }
  };
  return {
    async get(url, headers, signal) {
      let at = url;
      for (let redirects = 0; ; redirects++) {
        const reply = await send(at, headers, signal);
        const location = reply.header('location');
        if (!REDIRECTS.includes(reply.status) || location === undefined) return reply;
        reply.discard();
        if (redirects === MAX_REDIRECTS) {
          throw networkError(url, `the server redirects more than ${MAX_REDIRECTS} times`);
        }
        at = redirect(at, location);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

const authorization = ({ username, password }: URL): Readonly<Record<string, string>> =>
  username === ''
    ? {}
    : { authorization: `Basic ${Buffer.from(decodeURIComponent(`${username}:${password}`)).toString('base64')}` };

function redirect(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) {
    throw networkError(from, `the server redirects to '${location}', which is not a URL`);
  }
  const to = new URL(location, from);
  if (to.protocol !== 'https:' && (to.protocol !== 'http:' || from.protocol === 'https:')) {
    throw networkError(from, `the server redirects to '${to.protocol}//${to.host}', which is less secure`);
  }
  if (to.origin === from.origin && to.username === '') {
    to.username = from.username;
    to.password = from.password;
  }
  return to;
}

export function withoutUser(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

export const networkError = (url: URL, reason: string, cause?: unknown, remedy?: string): DecantError =>
  new DecantError('network', `cannot download ${withoutUser(url)}: ${reason}`, {
    cause,
    remedy: remedy ?? 'Download it in another way, for example with a browser, and pass the path of the file.',
  });

async function* mapErrors(
  chunks: AsyncIterable<Uint8Array>,
  explain: (thrown: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (thrown) {
    throw explain(thrown);
  }
}

const TEMPORARY: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  UND_ERR_SOCKET: 'the connection was lost',
  ETIMEDOUT: 'the server did not respond',
  UND_ERR_CONNECT_TIMEOUT: 'the server did not respond',
  UND_ERR_HEADERS_TIMEOUT: 'the server did not respond',
  UND_ERR_BODY_TIMEOUT: 'the server stopped sending',
};

const PERMANENT: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the server name cannot be resolved; check the network connection',
  EAI_AGAIN: 'the server name cannot be resolved; check the network connection',
  ECONNREFUSED: 'the server refused the connection',
  ENETUNREACH: 'the server is unreachable; check the network connection',
  EHOSTUNREACH: 'the server is unreachable; check the network connection',
};

const CERTIFICATE = /CERT|SIGNATURE|SSL|TLS/;

function explain(thrown: unknown, url: URL, timeout: number, signal: AbortSignal | undefined): Error {
  if (signal?.aborted === true) return cancelled(signal.reason);
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const temporary = TEMPORARY[code];
  if (temporary !== undefined) {
    const stalled = code.endsWith('_TIMEOUT') ? ` for ${timeout / 1000} s` : '';
    return new RetryableError(`${temporary}${stalled}`, { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // Tunnels and plain requests have different error codes.
  if (message.includes('(407)')) return networkError(url, 'the proxy requires a user name and password', thrown, PROXY);
  if (CERTIFICATE.test(code)) {
    return networkError(url, `the certificate of the server is not trusted: ${message}`, thrown, TRUST);
  }
  return networkError(url, PERMANENT[code] ?? message, thrown);
}

const PROXY = 'Set them in HTTPS_PROXY and HTTP_PROXY: http://name:password@proxy.example.com:3128.';
const TRUST = 'Behind a proxy that intercepts TLS, set NODE_EXTRA_CA_CERTS to its certificate.';

export const cancelled = (cause: unknown): DecantError =>
  new DecantError('cancelled', 'the download was cancelled; it can be resumed', { cause });
