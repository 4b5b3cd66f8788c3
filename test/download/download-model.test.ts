import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type DownloadedModel, downloadModel } from '../../src/download/download-model.ts';
import type { DownloadOptions } from '../../src/download/options.ts';
import { DecantError } from '../../src/errors.ts';
import { filesBelow, temporaryFolder } from '../support/run-cli.ts';
import { archive, etagOf, sendFile, serve, sha256, stalling } from '../support/server.ts';

/** Short delays. */
const QUICK: DownloadOptions = { retryDelay: 5, retries: 3, timeout: 5000, offline: false };

let cache: string;

/** The files in the cache without the marks of processes that use a model. */
const modelFiles = async (): Promise<readonly string[]> =>
  (await filesBelow(cache)).filter(path => !path.endsWith('.use'));

beforeEach(async () => {
  cache = await temporaryFolder();
  vi.stubEnv('DECANT_CACHE', cache);
});

afterEach(() => vi.unstubAllEnvs());

const download = (url: string, options: DownloadOptions = {}): Promise<DownloadedModel> =>
  downloadModel(url, { ...QUICK, ...options });

/** Returns code and message of the error. */
async function errorOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DecantError);
  const { code, message } = error as DecantError;
  return `${code}: ${message}`;
}

it('downloads into the cache once', async () => {
  const bytes = archive();
  const server = await serve((request, response) => sendFile(request, response, bytes));
  const url = `${server.url}/models/small.tar.gz`;
  const phases = new Set<string>();
  const first = await download(url, { onProgress: ({ phase }) => phases.add(phase) });
  expect(first).toMatchObject({ url, sha256: sha256(bytes), bytes: bytes.byteLength, cached: false });
  expect(first.path).toMatch(/downloads.small-[0-9a-f]{8}.small\.tar\.gz$/);
  expect(bytes.equals(await readFile(first.path))).toBe(true);
  expect(phases).toEqual(new Set(['download', 'check']));
  expect(await download(url)).toEqual({ ...first, cached: true });
  expect(await download(url, { offline: true })).toEqual({ ...first, cached: true });
  expect(server.requests).toHaveLength(1);
  expect(await modelFiles()).toHaveLength(2);
  expect(await readFile(`${first.path}.sha256`, 'utf8')).toBe(`# ${url}\n${sha256(bytes)}  small.tar.gz\n`);
});

it('downloads again if the file is corrupt or with force', async () => {
  const bytes = archive();
  const server = await serve((request, response) => sendFile(request, response, bytes));
  const { path } = await download(server.url);
  await writeFile(path, 'damaged');
  const later = new Date(Date.now() + 10_000);
  await utimes(path, later, later);
  expect((await download(server.url)).cached).toBe(false);
  expect(bytes.equals(await readFile(path))).toBe(true);
  expect((await download(server.url, { force: true })).cached).toBe(false);
  expect(server.requests).toHaveLength(3);
});

it('resumes after a lost connection', async () => {
  const bytes = archive(1_000_000);
  const server = await serve((request, response, n) =>
    sendFile(request, response, bytes, undefined, n < 4 ? (n + 1) * 200_000 : undefined),
  );
  const seen: number[] = [];
  // Each attempt makes progress, so there are no consecutive failures.
  const { sha256: actual } = await download(server.url, { retries: 1, onProgress: ({ done }) => seen.push(done) });
  expect(actual).toBe(sha256(bytes));
  expect(server.requests.map(({ range }) => range)).toEqual([
    undefined,
    ...[200_000, 400_000, 600_000, 800_000].map(start => `bytes=${start}-`),
  ]);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

it('resumes the part of an earlier process', async () => {
  const bytes = archive();
  const dates = { 'last-modified': 'Wed, 21 Oct 2020 07:28:00 GMT', etag: 'W/"weak"' };
  const server = await serve((request, response, n) =>
    sendFile(request, response, bytes, dates, n === 0 ? 100_000 : undefined),
  );
  expect(await errorOf(download(server.url, { retries: 0 }))).toContain('network: cannot download');
  expect((await filesBelow(cache)).map(path => path.replace(/.*\//, ''))).toEqual(['.model.part', '.model.part.json']);
  expect((await download(server.url)).sha256).toBe(sha256(bytes));
  expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-']);
  expect(await modelFiles()).toHaveLength(2);
});

it.each([
  ['ignores ranges', undefined],
  ['has changed the file', '"another"'],
])('starts over if the server %s', async (_, etag) => {
  const bytes = archive();
  const server = await serve((request, response, n) => {
    delete request.headers.range;
    const headers = { etag: n > 0 && etag !== undefined ? etag : etagOf(bytes) };
    sendFile(request, response, bytes, headers, n === 0 ? 100_000 : undefined);
  });
  expect((await download(server.url)).sha256).toBe(sha256(bytes));
});

it('starts over if the server sends another range or rejects it', async () => {
  const bytes = archive();
  const server = await serve((request, response, n) => {
    const headers = { etag: etagOf(bytes), 'content-length': bytes.byteLength };
    if (n === 1)
      response
        .writeHead(206, { ...headers, 'content-range': `bytes 0-${bytes.byteLength - 1}/${bytes.byteLength}` })
        .end(bytes);
    else if (n === 3) response.writeHead(416).end();
    else sendFile(request, response, bytes, undefined, n === 0 || n === 2 ? 100_000 : undefined);
  });
  expect((await download(server.url, { retries: 5 })).sha256).toBe(sha256(bytes));
  expect(server.requests.map(({ range }) => range)).toEqual([
    undefined,
    'bytes=100000-',
    undefined,
    'bytes=100000-',
    undefined,
  ]);
});

it('starts over without a validator, and after mixing two files', async () => {
  const [older, newer] = [archive(), archive()];
  const plain = await serve((request, response, n) =>
    sendFile(request, response, older, {}, n === 0 ? 100_000 : undefined),
  );
  expect((await download(plain.url)).sha256).toBe(sha256(older));
  expect(plain.requests.map(({ range }) => range)).toEqual([undefined, undefined]);
  // A faulty server with the same ETag for two files.
  const wrong = await serve((request, response, n) =>
    sendFile(request, response, n === 0 ? older : newer, { etag: '"same"' }, n === 0 ? 100_000 : undefined),
  );
  expect((await download(wrong.url)).sha256).toBe(sha256(newer));
});

it('retries after temporary errors, and respects Retry-After', async () => {
  const bytes = archive();
  const server = await serve((request, response, n) => {
    if (n === 0) response.writeHead(503).end('busy');
    else if (n === 1) response.writeHead(429, { 'retry-after': '1' }).end();
    else if (n === 2) response.destroy();
    else sendFile(request, response, bytes);
  });
  const reasons: string[] = [];
  const waits: number[] = [];
  await download(server.url, {
    onRetry: (reason, delay) => {
      reasons.push(reason);
      waits.push(delay);
    },
  });
  expect(reasons).toEqual([
    'the server responded with 503',
    'the server responded with 429',
    'the connection was lost',
  ]);
  expect(waits[1]).toBe(1000);
});

it('gives up if the server stalls or sends a wrong length', async () => {
  const bytes = archive();
  const stalled = await serve((_, response) => {
    response.writeHead(200, { 'content-length': bytes.byteLength });
    response.write(bytes.subarray(0, 1000));
  });
  expect(await errorOf(download(stalled.url, { timeout: 300, retries: 1 }))).toMatch(
    /network: .*the server stopped sending for 0\.3 s, 2 times in a row/,
  );
  const silent = await serve(() => undefined);
  expect(await errorOf(download(silent.url, { timeout: 300, retries: 0 }))).toMatch(/the server did not respond/);
  const long = await serve((_, response) => {
    response.writeHead(200, { 'content-length': bytes.byteLength + 10 });
    response.write(bytes, () => response.socket!.end());
  });
  expect(await errorOf(download(long.url))).toMatch(/the connection was lost, \d times in a row/);
  const short = await serve((_, response) => {
    response.socket!.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n`);
    response.socket!.write(bytes);
  });
  expect(await errorOf(download(short.url))).toMatch(
    /malformed: .*is corrupt or truncated: the server sent 1000 bytes/,
  );
  const cut = await serve((_, response) => {
    response.socket!.end(Buffer.concat([Buffer.from('HTTP/1.0 200 OK\r\n\r\n'), bytes.subarray(0, 5000)]));
  });
  expect(await errorOf(download(cut.url))).toMatch(/malformed: .*the server sent 5000 bytes/);
});

it.each([
  [404, 'a.tar.gz does not exist: the server responded with 404'],
  [403, 'the server responded with 403: access requires permission'],
  [418, 'the server responded with 418'],
  [500, 'the server responded with 500, 4 times in a row'],
])('reports status %i', async (status, message) => {
  const server = await serve((_, response) => response.writeHead(status).end('<html>no</html>'));
  expect(await errorOf(download(`${server.url}/a.tar.gz`))).toContain(message);
  expect(server.requests).toHaveLength(status === 500 ? 4 : 1);
  expect(await readdir(join(cache, 'downloads'))).toEqual([]);
});

it('does not honor a long Retry-After', async () => {
  const server = await serve((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
  expect(await errorOf(download(server.url))).toContain('the server responded with 429 and asks to wait 60 minutes');
});

it('rejects a web page and an empty file', async () => {
  const page = '\n<!DOCTYPE html><html><head><title>Sign in to\nKaggle</title></head></html>';
  const server = await serve((request, response) => response.end(request.url === '/empty' ? '' : page));
  expect(await errorOf(download(`${server.url}/m.tar.gz`))).toContain(
    `not-a-model: ${server.url}/m.tar.gz is a web page ('Sign in to Kaggle'), not a model`,
  );
  expect(await errorOf(download(`${server.url}/empty`))).toContain(
    `not-a-model: the file at ${server.url}/empty is empty`,
  );
  expect(await readdir(join(cache, 'downloads'))).toEqual([]);
});

it('follows a limited number of redirects, never to a less secure URL', async () => {
  const bytes = archive();
  const other = await serve((request, response) => {
    expect(request.headers.authorization).toBeUndefined();
    sendFile(request, response, bytes);
  });
  const server = await serve((request, response) => {
    const n = Number(request.url!.slice(1));
    expect(request.headers.authorization).toBe('Basic bWU6cyNjcmV0');
    const location = n === 10 ? `${other.url}/file` : `${n + 1}`;
    response.writeHead(302, { location }).end('moved');
  });
  const withUser = server.url.replace('//', '//me:s%23cret@');
  const model = await download(`${withUser}/1`);
  expect(model.sha256).toBe(sha256(bytes));
  expect(model.url).toBe(`${server.url}/1`);
  expect(await readFile(`${model.path}.sha256`, 'utf8')).not.toContain('cret');
  const text = await errorOf(download(`${withUser}/0`));
  expect(text).toContain('the server redirects more than 10 times');
  expect(text).not.toContain('cret');
  const away = await serve((_, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end());
  expect(await errorOf(download(away.url))).toContain("redirects to 'file://', which is less secure");
});

it('uses proxies, and respects NO_PROXY', async () => {
  const bytes = archive();
  const asked: string[] = [];
  const proxy = await serve((request, response) => {
    asked.push(request.url!);
    if (request.headers['proxy-authorization'] === undefined) response.writeHead(407).end();
    else sendFile(request, response, bytes);
  });
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  vi.stubEnv('HTTP_PROXY', proxy.url.replace('//', '//me:secret@'));
  const { sha256: actual } = await download('http://models.invalid/a.tar.gz');
  expect(actual).toBe(sha256(bytes));
  expect(asked).toEqual(['http://models.invalid/a.tar.gz']);
  const direct = await serve((request, response) => sendFile(request, response, bytes));
  await download(`${direct.url}/b.tar.gz`);
  expect(asked).toHaveLength(1);
  vi.stubEnv('HTTP_PROXY', proxy.url);
  expect(await errorOf(download('http://models.invalid/c.tar.gz'))).toContain(
    'the proxy requires a user name and password',
  );
  vi.stubEnv('HTTP_PROXY', 'nonsense');
  expect(await errorOf(download('http://models.invalid/c.tar.gz'))).toContain('invalid-argument: HTTP_PROXY');
});

it('checks the expected SHA-256', async () => {
  const bytes = archive();
  const server = await serve((request, response) => sendFile(request, response, bytes));
  const wrong = '0'.repeat(64);
  expect(await errorOf(download(server.url, { sha256: wrong }))).toBe(
    `malformed: ${server.url}/ has SHA-256 ${sha256(bytes)}, expected ${wrong}`,
  );
  expect((await download(server.url, { sha256: sha256(bytes).toUpperCase() })).cached).toBe(false);
  expect(await errorOf(download(server.url, { sha256: wrong }))).toContain('malformed:');
});

it('reports being offline and unreachable servers', async () => {
  expect(await errorOf(download('efficientdet_d0', { offline: true }))).toContain(
    "network: 'efficientdet_d0' is not in the cache",
  );
  vi.stubEnv('DECANT_OFFLINE', '1');
  expect(await errorOf(downloadModel('http://127.0.0.1:9/a'))).toContain('decant is offline');
  expect(await errorOf(download('http://127.0.0.1:9/a'))).toContain(
    'network: cannot download http://127.0.0.1:9/a: the server refused the connection',
  );
  expect(await errorOf(download('http://nowhere.invalid/a'))).toMatch(/network: .*; check the network connection/);
});

it('downloads the weights of a model.json and an IR', async () => {
  const json = JSON.stringify({
    modelTopology: {},
    weightsManifest: [{ paths: ['a.bin', 'more/b.bin'], weights: [] }],
  });
  const server = await serve((request, response) => {
    const { pathname, search } = new URL(request.url!, 'http://host');
    if (pathname.endsWith('.bin')) response.end(`${pathname}${search}`);
    else response.end(pathname.endsWith('.xml') ? '<?xml version="1.0"?>\n<net name="n" version="11"></net>' : json);
  });
  const folder = await temporaryFolder();
  await download(`${server.url}/net/model.json?key=1`, { folder });
  await download(`${server.url}/ir/net.xml`, { folder });
  expect(await filesBelow(folder)).toEqual(
    ['a.bin', 'model.json', 'model.json.sha256', 'more/b.bin', 'net.bin', 'net.xml', 'net.xml.sha256'].sort(),
  );
  expect(await readFile(join(folder, 'more/b.bin'), 'utf8')).toBe('/net/more/b.bin?key=1');
  expect(await readFile(join(folder, 'net.bin'), 'utf8')).toBe('/ir/net.bin');
});

it.each(['../a.bin', '/etc/passwd', 'C:\\a.bin', 'model.json'])('rejects weights at %s', async name => {
  const json = JSON.stringify({ weightsManifest: [{ paths: [name] }] });
  const server = await serve((_, response) => response.end(json));
  expect(await errorOf(download(`${server.url}/model.json`))).toContain(
    `malformed: 'model.json' refers to the weights '${name}'`,
  );
  expect((await filesBelow(cache)).filter(path => !/\.part(\.json)?$/.test(path))).toEqual([]);
});

it('resumes weights, too', async () => {
  const weights = archive();
  const json = JSON.stringify({ weightsManifest: [{ paths: ['a.bin'] }] });
  const server = await serve((request, response, n) => {
    if (request.url!.endsWith('.json')) sendFile(request, response, Buffer.from(json));
    else sendFile(request, response, weights, undefined, n === 1 ? 100_000 : undefined);
  });
  const url = `${server.url}/model.json`;
  await errorOf(download(url, { retries: 0 }));
  expect((await download(url)).cached).toBe(false);
  expect(server.requests.map(({ path, range }) => `${path} ${range ?? ''}`)).toEqual([
    '/model.json ',
    '/a.bin ',
    '/a.bin bytes=100000-',
  ]);
});

it('copies from the cache, and keeps files of the user', async () => {
  const bytes = archive();
  const server = await serve((request, response) => sendFile(request, response, bytes));
  const url = `${server.url}/a.tar.gz`;
  await download(url);
  const folder = join(await temporaryFolder(), 'new');
  const copy = await download(url, { folder, offline: true });
  expect(copy.path).toBe(join(folder, 'a.tar.gz'));
  expect(bytes.equals(await readFile(copy.path))).toBe(true);
  expect(await filesBelow(folder)).toEqual(['a.tar.gz', 'a.tar.gz.sha256']);
  expect(server.requests).toHaveLength(1);

  const taken = await temporaryFolder();
  await writeFile(join(taken, 'a.tar.gz'), 'mine');
  expect(await errorOf(download(url, { folder: taken }))).toContain(
    `invalid-argument: '${join(taken, 'a.tar.gz')}' already exists`,
  );
  expect(await readFile(join(taken, 'a.tar.gz'), 'utf8')).toBe('mine');
  await download(url, { folder: taken, force: true });
  expect(bytes.equals(await readFile(join(taken, 'a.tar.gz')))).toBe(true);
});

it('downloads once for concurrent calls', async () => {
  const bytes = archive();
  const server = await serve((request, response) => setTimeout(() => sendFile(request, response, bytes), 300));
  const waited: string[] = [];
  const results = await Promise.all(
    [1, 2, 3].map(() => download(server.url, { onProgress: ({ phase }) => waited.push(phase) })),
  );
  expect(results.map(({ cached }) => cached).sort()).toEqual([false, true, true]);
  expect(waited).toContain('wait');
  expect(server.requests).toHaveLength(1);
  expect(await modelFiles()).toHaveLength(2);
});

it('can be cancelled and resumed', async () => {
  const bytes = archive();
  const server = await serve(stalling(bytes, 100_000));
  const controller = new AbortController();
  const work = download(server.url, {
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done === 100_000) controller.abort();
    },
  });
  expect(await errorOf(work)).toContain('cancelled: the download was cancelled');
  expect((await download(server.url)).sha256).toBe(sha256(bytes));
  expect(server.requests[1]?.range).toBe('bytes=100000-');
  expect(await errorOf(download(server.url, { signal: AbortSignal.abort(), force: true }))).toContain('cancelled');
});

it('reports files and folders in the way', async () => {
  const server = await serve((request, response) => sendFile(request, response, archive()));
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  expect(await errorOf(download(server.url, { folder: join(folder, 'file', 'below') }))).toContain(
    'a part of the path is a file',
  );
  await mkdir(join(folder, 'a.tar.gz'));
  expect(await errorOf(download(`${server.url}/a.tar.gz`, { folder, force: true }))).toMatch(
    /^io: cannot write '.*a\.tar\.gz'/,
  );
  expect((await stat(join(folder, 'a.tar.gz'))).isDirectory()).toBe(true);
});

it('gives up on an endless or too large file, and leaves nothing', async () => {
  const endless = await serve((_request, response) => {
    const timer = setInterval(() => response.write(Buffer.alloc(100_000)), 1);
    response.on('close', () => clearInterval(timer));
  });
  const larger = 'limit: .* is larger than the 1000000 bytes allowed';
  expect(await errorOf(download(endless.url, { maxBytes: 1e6 }))).toMatch(new RegExp(larger));
  const large = await serve((request, response) => sendFile(request, response, Buffer.alloc(2e6)));
  expect(await errorOf(download(large.url, { maxBytes: 1e6 }))).toMatch(new RegExp(larger));
  expect(await filesBelow(cache)).toEqual([]);
});

it('gives up on a file that arrives in drops', async () => {
  const drops = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '1000000' });
    const timer = setInterval(() => response.write('x'), 50);
    response.on('close', () => clearInterval(timer));
  });
  expect(await errorOf(download(drops.url, { timeout: 250 }))).toMatch(
    /^network: the download is too slow: \d+ bytes in 1 s/,
  );
  const bytes = archive(1_000_000);
  const single = await serve((request, response, n) => sendFile(request, response, bytes, undefined, n + 1));
  expect(await errorOf(download(single.url, { retries: 3 }))).toContain('4 times in a row');
  expect(single.requests).toHaveLength(4);
});

it('replaces the files of a download that ended before its last step', async () => {
  const bytes = archive();
  const folder = await temporaryFolder();
  const server = await serve((request, response) => sendFile(request, response, bytes));
  const { path } = await download(`${server.url}/m.tar.gz`, { folder });
  // As after a kill between two renames.
  await rm(path);
  expect(await download(`${server.url}/m.tar.gz`, { folder })).toMatchObject({ path, cached: false });
  expect(await filesBelow(folder)).toEqual(['m.tar.gz', 'm.tar.gz.sha256']);
});
