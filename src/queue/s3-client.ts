import { setTimeout as sleep } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { SaxesParser } from 'saxes';
import type { Response } from 'undici';
import { DecantError, fetchReason } from '../errors.ts';
import { proxiedFetch } from '../net/proxied-fetch.ts';

/** An object, or the beginning of the keys of several, in an S3-compatible store. */
export interface S3Place {
  readonly bucket: string;
  readonly key: string;
}

export const isS3 = (text: string): boolean => text.startsWith('s3://');

/** @throws DecantError `invalid-argument` if `text` is not `s3://BUCKET/KEY` */
export function parseS3(text: string): S3Place {
  const [, bucket, key = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/s.exec(text) ?? [];
  if (bucket !== undefined) return { bucket, key };
  throw new DecantError('invalid-argument', `'${text}' is not an S3 URL`, { remedy: 'Write s3://BUCKET/KEY.' });
}

/** Settings as of AWS's own tools: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`. */
type Environment = Readonly<Record<string, string | undefined>>;

/** How often a request is sent to a store that is too busy, and the longest first pause in milliseconds; later ones double. */
const ATTEMPTS = 6;
const PAUSE = 50;

let shared: S3Client | undefined;

/** The client of this process, which keeps the keys that it derives. @throws DecantError `invalid-argument` without keys */
export const s3Client = (): S3Client => (shared ??= new S3Client());

/** Talks to an S3-compatible store. Respects `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
export class S3Client {
  readonly #account: Account;
  readonly #endpoint: string | undefined;
  readonly #region: string;

  /** @throws DecantError `invalid-argument` without keys */
  constructor(environment: Environment = process.env) {
    const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
    const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
    const sessionToken = environment['AWS_SESSION_TOKEN'];
    if (!accessKeyId || !secretAccessKey) {
      throw new DecantError('invalid-argument', 'S3 credentials are missing', {
        remedy:
          'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_ENDPOINT_URL for a store other than Amazon S3.',
      });
    }
    this.#region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1';
    this.#endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'];
    this.#account = {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      service: 's3',
      region: this.#region,
      cache: new Map(),
    };
  }

  /** @throws DecantError `not-found`, `network` */
  async get(place: S3Place): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#send(place, this.#urlOf(place))).arrayBuffer());
  }

  async put(place: S3Place, body: string): Promise<void> {
    await this.#send(place, this.#urlOf(place), { method: 'PUT', body });
  }

  /** Lists the keys that begin with the key of `place`. */
  async list(place: S3Place): Promise<readonly string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const query = new URLSearchParams({ 'list-type': '2', prefix: place.key });
      if (token !== undefined) query.set('continuation-token', token);
      const root = this.#urlOf({ bucket: place.bucket, key: '' });
      const page = parseList(await (await this.#send(place, `${root}?${query.toString()}`)).text());
      keys.push(...page.keys);
      token = page.next;
    } while (token !== undefined);
    return keys;
  }

  /** With an endpoint, buckets are in the path, as most stores want it. */
  #urlOf({ bucket, key }: S3Place): string {
    const root =
      this.#endpoint === undefined
        ? `https://${bucket}.s3.${this.#region}.amazonaws.com`
        : `${this.#endpoint.replace(/\/$/, '')}/${bucket}`;
    return `${root}/${key.split('/').map(encodeURIComponent).join('/')}`;
  }

  async #send({ bucket, key }: S3Place, url: string, request: S3Request = {}): Promise<Response> {
    const name = `s3://${bucket}/${key}`;
    let response: Response;
    try {
      response = await this.#sendUntilFree(url, request);
    } catch (cause) {
      if (cause instanceof DecantError) throw cause;
      throw new DecantError('network', `${name} cannot be reached: ${fetchReason(cause)}`, { cause });
    }
    if (response.ok) return response;
    const reason = /<Message>([^<]*)<\/Message>/.exec(await response.text())?.[1] ?? `status ${response.status}`;
    throw new DecantError(response.status === 404 ? 'not-found' : 'network', `${name}: ${reason}`);
  }

  async #sendUntilFree(url: string, { body, ...request }: S3Request): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      // A signature is valid for minutes only.
      const signer = new AwsV4Signer({ ...this.#account, ...request, url, ...(body !== undefined && { body }) });
      const signed = await signer.sign();
      const response = await proxiedFetch(signed.url.href, {
        method: signed.method,
        headers: [...signed.headers],
        ...(body !== undefined && { body }),
      });
      const isBusy = response.status >= 500 || response.status === 429;
      if (!isBusy || attempt === ATTEMPTS) return response;
      await response.arrayBuffer();
      await sleep(Math.random() * PAUSE * 2 ** (attempt - 1));
    }
  }
}

type Account = Omit<ConstructorParameters<typeof AwsV4Signer>[0], 'url'>;

interface S3Request {
  readonly method?: 'PUT';
  readonly body?: string;
}

/** Reads the keys of a `ListBucketResult`, and the token of its next page. */
function parseList(xml: string): { readonly keys: readonly string[]; readonly next: string | undefined } {
  const keys: string[] = [];
  let next: string | undefined;
  const path: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => path.push(name));
  parser.on('closetag', () => path.pop());
  parser.on('text', text => {
    const [parent, tag] = path.slice(-2);
    if (parent === 'Contents' && tag === 'Key') keys.push(text);
    if (tag === 'NextContinuationToken') next = text;
  });
  parser.on('error', cause => {
    throw new DecantError('network', 'the list of a bucket is not valid XML', { cause });
  });
  parser.write(xml).close();
  return { keys, next };
}
