import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkChecksum, sha256Of } from '../download/check-file.ts';
import { fetchFile } from '../download/fetch-file.ts';
import { type HttpClient, httpClient } from '../download/http-client.ts';
import { DecantError } from '../errors.ts';
import { fileError } from '../platform/file-error.ts';
import { findWheel } from './package-index.ts';
import { ownWheelName } from './wheel-name.ts';

export interface FetchWheelOptions {
  /** An existing folder for exclusive use. */
  readonly folder: string;
  readonly onProgress: (done: number, total: number | undefined) => void;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds without data. */
const TIMEOUT = 30_000;
const RETRY_DELAY = 500;
const RETRIES = 5;

/** Ten times the size of a wheel. */
const MAX_BYTES = 2 ** 30;

const URL_START = /^https?:\/\//i;

/** Returns the release in the name of a wheel, a path or URL. @throws DecantError `invalid-argument` for other files */
export const releaseOf = (wheel: string): string =>
  ownWheelName(URL_START.test(wheel) ? basename(asUrl(wheel).pathname) : basename(wheel)).version;

/** Returns the path of a wheel, which is downloaded if it is a URL; its fragment may state a hash: `#sha256=...`. */
export async function obtainWheel(wheel: string, options: FetchWheelOptions): Promise<string> {
  if (!URL_START.test(wheel)) {
    await stat(wheel).catch((thrown: unknown) => {
      throw fileError(wheel, thrown);
    });
    return wheel;
  }
  const url = asUrl(wheel);
  const sha256 = /(?:^#|&)sha256=([0-9a-f]{64})/i.exec(url.hash)?.[1];
  return download(() => Promise.resolve({ url, sha256 }), options);
}

/** Downloads the wheel of a release from a package index, and checks its hash. */
export const wheelFromIndex = (index: string, version: string, options: FetchWheelOptions): Promise<string> =>
  download(client => findWheel(client, asUrl(index), version, options.signal), options);

async function download(
  find: (client: HttpClient) => Promise<{ readonly url: URL; readonly sha256: string | undefined }>,
  { folder, onProgress, signal }: FetchWheelOptions,
): Promise<string> {
  const client = await httpClient(TIMEOUT);
  try {
    const { url, sha256 } = await find(client);
    const path = join(folder, 'openvino.whl');
    const limits = { retries: RETRIES, retryDelay: RETRY_DELAY, timeout: TIMEOUT, maxBytes: MAX_BYTES };
    await fetchFile(url, path, `${path}.json`, { client, ...limits, signal, onBytes: onProgress });
    if (sha256 !== undefined) checkChecksum(basename(url.pathname), sha256, await sha256Of(path));
    return path;
  } finally {
    await client.close();
  }
}

function asUrl(text: string): URL {
  if (URL_START.test(text) && URL.canParse(text)) return new URL(text);
  throw new DecantError('invalid-argument', `'${text}' is not an http: or https: URL`);
}
