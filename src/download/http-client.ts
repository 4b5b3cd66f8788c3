import { DecantError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { bufferedChunks } from './buffered-chunks.ts';
import { RetryableError } from './retryable-error.ts';

/** What a server sent, after all redirects. */
export interface Reply {
  readonly status: number;
  /** By their names in small letters. */
  readonly header: (name: string) => string | undefined;
  /** Begins to receive the body, as it is on the wire. @throws PassingFailure, DecantError `network`, `cancelled` */
  readonly body: () => AsyncIterable<Uint8Array>;
  /** Does without the body. */
  readonly discard: () => void;
}

export interface HttpClient {
  /** @throws PassingFailure, DecantError `network`, `cancelled` */
  get(url: URL, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Reply>;
  close(): Promise<void>;
}

/** A browser stops at 20; what lies beyond a handful goes in a circle. */
const MOST_REDIRECTS = 10;

const REDIRECTS = [301, 302, 303, 307, 308];

/** A file is wanted as it is: sizes and ranges of a packed one would be others. */
const OWN_HEADERS = { 'user-agent': `decant/${VERSION}`, 'accept-encoding': 'identity' };

/**
 * Requests through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name.
 *
 * @param timeout milliseconds without any answer or data after which a server counts as stalled
 */
export async function httpClient(timeout: number): Promise<HttpClient> {
  const { EnvHttpProxyAgent, request } = await import('undici');
  const connect = { timeout };
  const dispatcher = withProxies(
    // Many proxies allow tunnels for https only.
    () => new EnvHttpProxyAgent({ connect, proxyTls: connect, requestTls: connect, proxyTunnel: false }),
  );
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
      // Of a body that nobody reads, an error is of no interest.
      body.on('error', () => undefined);
      return {
        status: statusCode,
        header: name => [received[name]].flat()[0],
        body: () => explained(bufferedChunks(body), thrown => explain(thrown, url, timeout, signal)),
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
        if (redirects === MOST_REDIRECTS) {
          throw networkError(url, `the server redirects more than ${MOST_REDIRECTS} times`);
        }
        at = redirected(at, location);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

const authorization = ({ username, password }: URL): Readonly<Record<string, string>> =>
  username === ''
    ? {}
    : { authorization: `Basic ${Buffer.from(decodeURIComponent(`${username}:${password}`)).toString('base64')}` };

function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href))
    throw networkError(from, `the server redirects to '${location}', which is no URL`);
  const to = new URL(location, from);
  if (to.protocol !== 'https:' && (to.protocol !== 'http:' || from.protocol === 'https:')) {
    throw networkError(from, `the server redirects to '${to.protocol}//${to.host}', which is less safe`);
  }
  if (to.origin === from.origin && to.username === '') [to.username, to.password] = [from.username, from.password];
  return to;
}

/** A URL as it may be shown and stored. */
export function withoutUser(url: URL): string {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain.href;
}

/** The network or the server does not give what is asked for; the user can get it another way. */
export const networkError = (url: URL, why: string, cause?: unknown, remedy?: string): DecantError =>
  new DecantError('network', `cannot download ${withoutUser(url)}: ${why}`, {
    cause,
    remedy: remedy ?? 'Download it elsewhere, with a browser for example, and give the path of the file.',
  });

async function* explained(
  chunks: AsyncIterable<Uint8Array>,
  explain: (thrown: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (thrown) {
    throw explain(thrown);
  }
}

/** Failures that pass, by the codes of undici and of the system. */
const PASSING: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  ETIMEDOUT: 'the server does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the server does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'the server does not answer',
  UND_ERR_BODY_TIMEOUT: 'the server stopped sending',
};

/** Failures that stay, and what helps. */
const LASTING: Readonly<Record<string, readonly [why: string, remedy?: string]>> = {
  ENOTFOUND: ['its server is not known here; is there a network?'],
  EAI_AGAIN: ['its server cannot be looked up; is there a network?'],
  ECONNREFUSED: ['its server takes no connections'],
  ENETUNREACH: ['there is no way to its server; is there a network?'],
  EHOSTUNREACH: ['there is no way to its server; is there a network?'],
};

const CERTIFICATE = /CERT|SIGNATURE|SSL|TLS/;

function explain(thrown: unknown, url: URL, timeout: number, signal: AbortSignal | undefined): Error {
  if (signal?.aborted === true) return cancelled(signal.reason);
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const passing = PASSING[code];
  if (passing !== undefined) {
    const stalled = code.endsWith('_TIMEOUT') ? ` for ${timeout / 1000} s` : '';
    return new RetryableError(`${passing}${stalled}`, { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // The name of the error is another one for tunnels than for plain requests.
  if (message.includes('(407)')) return networkError(url, 'the proxy wants a name and a password', thrown, PROXY);
  if (CERTIFICATE.test(code)) {
    return networkError(url, `the certificate of its server is not trusted: ${message}`, thrown, TRUST);
  }
  const [why, remedy] = LASTING[code] ?? [message];
  return networkError(url, why, thrown, remedy);
}

const PROXY = 'Give them in HTTPS_PROXY and HTTP_PROXY: http://name:password@proxy.example.com:3128.';
const TRUST = 'Behind a proxy that opens TLS, name its certificate in NODE_EXTRA_CA_CERTS.';

export const cancelled = (cause: unknown): DecantError =>
  new DecantError('cancelled', 'the download was cancelled; what is there of it is kept for the next time', { cause });

/** @throws DecantError `invalid-argument` for a proxy that is no URL */
function withProxies<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new DecantError('invalid-argument', 'HTTP_PROXY or HTTPS_PROXY is no URL of a proxy', {
      cause,
      remedy: 'One looks like http://proxy.example.com:3128.',
    });
  }
}
