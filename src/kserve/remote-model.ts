import type { Response } from 'undici';
import { DecantError, fetchReason } from '../errors.ts';
import { proxiedFetch } from '../net/proxied-fetch.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { inferRequest, JSON_LENGTH, type Message, parseJson, tensorsIn } from './infer-message.ts';
import { parseMetadata, type RemoteMetadata } from './metadata.ts';

export interface RemoteModelOptions {
  /** Key that the server requires; none by default. */
  readonly apiKey?: string | undefined;
}

const TIMEOUT = 60_000;

/** How often a request is sent to a server that is too busy. */
const ATTEMPTS = 5;

const MAX_WAIT_SECONDS = 30;

/** More than any detector returns. */
const MAX_ANSWER_BYTES = 2 ** 30;

/**
 * A model on a server of the Open Inference Protocol (KServe v2): OpenVINO Model Server, Triton, or `decant serve`. Respects
 * `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`.
 */
export class RemoteModel {
  readonly url: string;
  readonly metadata: RemoteMetadata;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(url: string, metadata: RemoteMetadata, headers: Readonly<Record<string, string>>) {
    this.url = url;
    this.metadata = metadata;
    this.#headers = headers;
  }

  /**
   * Asks the server for the model's inputs and outputs.
   *
   * @throws DecantError `network` if the server is unreachable or speaks another protocol, `not-found` if it has no such
   *   model, `invalid-argument` if it requires another API key
   */
  static async connect(address: string, { apiKey }: RemoteModelOptions = {}): Promise<RemoteModel> {
    const url = address.replace(/\/$/, '');
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    const { body } = await send(url, { headers });
    return new RemoteModel(url, parseMetadata(parseJson(body)), headers);
  }

  /** @throws DecantError those of `connect`; `runtime-failed` if the inference fails, `cancelled` */
  async infer(
    inputs: Readonly<Record<string, Tensor>>,
    outputs: readonly string[],
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, Tensor>>> {
    const { body, jsonLength } = inferRequest(inputs, outputs);
    const headers = { 'content-type': 'application/octet-stream', [JSON_LENGTH]: String(jsonLength), ...this.#headers };
    return tensorsIn(await send(`${this.url}/infer`, { method: 'POST', headers, body }, signal));
  }
}

interface HttpRequest {
  readonly method?: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Sends a request again while the server is too busy. */
async function send(url: string, request: HttpRequest, signal?: AbortSignal): Promise<Message> {
  for (let attempt = 1; ; attempt++) {
    const response = await sendOnce(url, request, signal);
    const { status, headers } = response;
    const body = await bytesOf(response, url);
    if (status === 200) {
      const length = Number(headers.get(JSON_LENGTH) ?? body.byteLength);
      return { body, jsonLength: length >= 0 && length <= body.byteLength ? length : body.byteLength };
    }
    if (status !== 503 || attempt === ATTEMPTS) throw failure(url, status, body);
    await pause(headers.get('retry-after'), signal);
  }
}

async function sendOnce(url: string, request: HttpRequest, signal?: AbortSignal): Promise<Response> {
  const limit = AbortSignal.timeout(TIMEOUT);
  try {
    return await proxiedFetch(url, {
      ...request,
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
  } catch (cause) {
    if (cause instanceof DecantError) throw cause;
    throw signal?.aborted === true ? cancelled(cause) : unreachable(url, cause);
  }
}

async function bytesOf(response: Response, url: string): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length') ?? 0) > MAX_ANSWER_BYTES) {
    throw new DecantError('limit', `the response from ${url} has more than ${MAX_ANSWER_BYTES} bytes`);
  }
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

async function pause(retryAfter: string | null, signal: AbortSignal | undefined): Promise<void> {
  const seconds = Math.min(Math.max(Number(retryAfter ?? 1) || 1, 0.1), MAX_WAIT_SECONDS);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(done, 1000 * seconds);
    function done(): void {
      signal?.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(cancelled(signal?.reason));
    }
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

const cancelled = (cause: unknown): DecantError => new DecantError('cancelled', 'cancelled', { cause });

const unreachable = (url: string, cause: unknown): DecantError =>
  new DecantError('network', `${new URL(url).host} does not answer: ${fetchReason(cause)}`, {
    remedy: 'Check the address, and that the server runs.',
    cause,
  });

function failure(url: string, status: number, body: Uint8Array): DecantError {
  const text = messageIn(body);
  const said = text === '' ? `with status ${status}` : `${status}: ${text}`;
  if (status === 401 || status === 403) {
    return new DecantError('invalid-argument', `${new URL(url).host} refuses: ${said}`, {
      remedy: 'Give its key as apiKey, or in DECANT_API_KEY.',
    });
  }
  if (status === 404) return new DecantError('not-found', `${new URL(url).host} has no such model: ${said}`);
  return new DecantError(status >= 500 ? 'runtime-failed' : 'network', `${new URL(url).host} answers ${said}`);
}

/** The protocol's errors are `{"error": "message"}`. */
function messageIn(body: Uint8Array): string {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(body)) as { error?: unknown };
    return typeof error === 'string' ? error : '';
  } catch {
    return '';
  }
}
