import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type DownloadedModel, downloadModel } from '../../src/download/download-model.ts';
import type { DownloadOptions } from '../../src/download/options.ts';
import { DecantError } from '../../src/errors.ts';
import { filesBelow, temporaryFolder } from '../support/run-cli.ts';
import { archive, etagOf, sendFile, serve, sha256, stalling } from '../support/server.ts';

/** Quick to try again, and still with all of its tries. */
const QUICK: DownloadOptions = { retryDelay: 5, retries: 3, timeout: 5000, offline: false };

let cache: string;
beforeEach(async () => {
  cache = await temporaryFolder();
  vi.stubEnv('DECANT_CACHE', cache);
});

afterEach(() => vi.unstubAllEnvs());

const download = (url: string, options: DownloadOptions = {}): Promise<DownloadedModel> =>
  downloadModel(url, { ...QUICK, ...options });

/** What is refused, as code and text. */
async function refused(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DecantError);
  const { code, message } = error as DecantError;
  return `${code}: ${message}`;
}

it('downloads into the cache once, and knows it from then on', async () => {
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
  expect(await filesBelow(cache)).toHaveLength(2);
  expect(await readFile(`${first.path}.sha256`, 'utf8')).toBe(`# ${url}\n${sha256(bytes)}  small.tar.gz\n`);
});

it('downloads again what was damaged, and what it is told to', async () => {
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

it('goes on where a connection broke', async () => {
  const bytes = archive(1_000_000);
  const server = await serve((request, response, n) =>
    sendFile(request, response, bytes, undefined, n < 4 ? (n + 1) * 200_000 : undefined),
  );
  const seen: number[] = [];
  // Each try brings something new, so that one failure in a row is never exceeded.
  const { sha256: found } = await download(server.url, { retries: 1, onProgress: ({ done }) => seen.push(done) });
  expect(found).toBe(sha256(bytes));
  expect(server.requests.map(({ range }) => range)).toEqual([
    undefined,
    ...[200_000, 400_000, 600_000, 800_000].map(start => `bytes=${start}-`),
  ]);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

it('goes on with what an earlier process left', async () => {
  const bytes = archive();
  const dates = { 'last-modified': 'Wed, 21 Oct 2020 07:28:00 GMT', etag: 'W/"weak"' };
  const server = await serve((request, response, n) =>
    sendFile(request, response, bytes, dates, n === 0 ? 100_000 : undefined),
  );
  expect(await refused(download(server.url, { retries: 0 }))).toContain('network: cannot download');
  expect((await filesBelow(cache)).map(path => path.replace(/.*\//, ''))).toEqual(['.model.part', '.model.part.json']);
  expect((await download(server.url)).sha256).toBe(sha256(bytes));
  expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-']);
  expect(await filesBelow(cache)).toHaveLength(2);
});

it.each([
  ['ignores ranges', undefined],
  ['has another file by then', '"another"'],
])('begins anew where the server %s', async (_, etag) => {
  const bytes = archive();
  const server = await serve((request, response, n) => {
    delete request.headers.range;
    const headers = { etag: n > 0 && etag !== undefined ? etag : etagOf(bytes) };
    sendFile(request, response, bytes, headers, n === 0 ? 100_000 : undefined);
  });
  expect((await download(server.url)).sha256).toBe(sha256(bytes));
});

it('begins anew where a server answers with another range, or refuses it', async () => {
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

it('begins anew without a validator, and mends what a server put together wrongly', async () => {
  const [older, newer] = [archive(), archive()];
  const plain = await serve((request, response, n) =>
    sendFile(request, response, older, {}, n === 0 ? 100_000 : undefined),
  );
  expect((await download(plain.url)).sha256).toBe(sha256(older));
  expect(plain.requests.map(({ range }) => range)).toEqual([undefined, undefined]);
  // The same ETag for two files.
  const wrong = await serve((request, response, n) =>
    sendFile(request, response, n === 0 ? older : newer, { etag: '"same"' }, n === 0 ? 100_000 : undefined),
  );
  expect((await download(wrong.url)).sha256).toBe(sha256(newer));
});

it('tries again after answers that pass, and waits as it is told', async () => {
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
    onRetry: (why, wait) => {
      reasons.push(why);
      waits.push(wait);
    },
  });
  expect(reasons).toEqual(['the server answers 503', 'the server answers 429', 'the connection broke']);
  expect(waits[1]).toBe(1000);
});

it('gives up a server that stalls or lies about the length', async () => {
  const bytes = archive();
  const stalled = await serve((_, response) => {
    response.writeHead(200, { 'content-length': bytes.byteLength });
    response.write(bytes.subarray(0, 1000));
  });
  expect(await refused(download(stalled.url, { timeout: 300, retries: 1 }))).toMatch(
    /network: .*the server stopped sending for 0\.3 s, at 2 tries in a row/,
  );
  const silent = await serve(() => undefined);
  expect(await refused(download(silent.url, { timeout: 300, retries: 0 }))).toMatch(/the server does not answer/);
  const long = await serve((_, response) => {
    response.writeHead(200, { 'content-length': bytes.byteLength + 10 });
    response.write(bytes, () => response.socket!.end());
  });
  expect(await refused(download(long.url))).toMatch(/the connection broke, at \d tries in a row/);
  const short = await serve((_, response) => {
    response.socket!.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n`);
    response.socket!.write(bytes);
  });
  expect(await refused(download(short.url))).toMatch(
    /malformed: .*is damaged, or the server sent only 1000 bytes of it/,
  );
  const cut = await serve((_, response) => {
    response.socket!.end(Buffer.concat([Buffer.from('HTTP/1.0 200 OK\r\n\r\n'), bytes.subarray(0, 5000)]));
  });
  expect(await refused(download(cut.url))).toMatch(/malformed: .*sent only 5000 bytes/);
});

it.each([
  [404, 'not-found: there is nothing at http'],
  [403, 'it gives it only to those who are allowed'],
  [418, 'the server answers 418'],
  [500, 'the server answers 500, at 4 tries in a row'],
])('says what an answer of %i means', async (status, says) => {
  const server = await serve((_, response) => response.writeHead(status).end('<html>no</html>'));
  expect(await refused(download(`${server.url}/a.tar.gz`))).toContain(says);
  expect(server.requests).toHaveLength(status === 500 ? 4 : 1);
  expect(await readdir(join(cache, 'downloads'))).toEqual([]);
});

it('does not wait for long because a server wants it', async () => {
  const server = await serve((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
  expect(await refused(download(server.url))).toContain('the server answers 429, and asks to wait for 60 minutes');
});

it('knows a web page and an empty file from a model', async () => {
  const page = '\n<!DOCTYPE html><html><head><title>Sign in to\nKaggle</title></head></html>';
  const server = await serve((request, response) => response.end(request.url === '/empty' ? '' : page));
  expect(await refused(download(`${server.url}/m.tar.gz`))).toContain(
    'not-a-model: there is a web page at ' + server.url + "/m.tar.gz, no model ('Sign in to Kaggle')",
  );
  expect(await refused(download(`${server.url}/empty`))).toContain('not-a-model: there is an empty file at');
  expect(await readdir(join(cache, 'downloads'))).toEqual([]);
});

it('follows redirects, to a limit, and never from https to http', async () => {
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
  const found = await download(`${withUser}/1`);
  expect(found.sha256).toBe(sha256(bytes));
  expect(found.url).toBe(`${server.url}/1`);
  expect(await readFile(`${found.path}.sha256`, 'utf8')).not.toContain('cret');
  const text = await refused(download(`${withUser}/0`));
  expect(text).toContain('the server redirects more than 10 times');
  expect(text).not.toContain('cret');
  const away = await serve((_, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end());
  expect(await refused(download(away.url))).toContain("redirects to 'file://', which is less safe");
});

it('goes through proxies, but for what is not to', async () => {
  const bytes = archive();
  const asked: string[] = [];
  const proxy = await serve((request, response) => {
    asked.push(request.url!);
    if (request.headers['proxy-authorization'] === undefined) response.writeHead(407).end();
    else sendFile(request, response, bytes);
  });
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  vi.stubEnv('HTTP_PROXY', proxy.url.replace('//', '//me:secret@'));
  const { sha256: found } = await download('http://models.invalid/a.tar.gz');
  expect(found).toBe(sha256(bytes));
  expect(asked).toEqual(['http://models.invalid/a.tar.gz']);
  const direct = await serve((request, response) => sendFile(request, response, bytes));
  await download(`${direct.url}/b.tar.gz`);
  expect(asked).toHaveLength(1);
  vi.stubEnv('HTTP_PROXY', proxy.url);
  expect(await refused(download('http://models.invalid/c.tar.gz'))).toContain('the proxy wants a name and a password');
  vi.stubEnv('HTTP_PROXY', 'nonsense');
  expect(await refused(download('http://models.invalid/c.tar.gz'))).toContain('invalid-argument: HTTP_PROXY');
});

it('compares with the SHA-256 that is wanted', async () => {
  const bytes = archive();
  const server = await serve((request, response) => sendFile(request, response, bytes));
  const wrong = '0'.repeat(64);
  expect(await refused(download(server.url, { sha256: wrong }))).toBe(
    `malformed: ${server.url}/ has the SHA-256 ${sha256(bytes)}, not ${wrong}`,
  );
  expect((await download(server.url, { sha256: sha256(bytes).toUpperCase() })).cached).toBe(false);
  expect(await refused(download(server.url, { sha256: wrong }))).toContain('malformed:');
});

it('says what is to be done offline and where no server is', async () => {
  expect(await refused(download('efficientdet_d0', { offline: true }))).toContain(
    "network: 'efficientdet_d0' is not in the cache",
  );
  vi.stubEnv('DECANT_OFFLINE', '1');
  expect(await refused(downloadModel('http://127.0.0.1:9/a'))).toContain('decant is to work offline');
  expect(await refused(download('http://127.0.0.1:9/a'))).toContain(
    'network: cannot download http://127.0.0.1:9/a: its server takes no connections',
  );
  expect(await refused(download('http://nowhere.invalid/a'))).toMatch(/network: .*; is there a network\?/);
});

it('brings the weights of a model.json, and of an IR', async () => {
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

it.each(['../a.bin', '/etc/passwd', 'C:\\a.bin', 'model.json'])('takes no weights from %s', async name => {
  const json = JSON.stringify({ weightsManifest: [{ paths: [name] }] });
  const server = await serve((_, response) => response.end(json));
  expect(await refused(download(`${server.url}/model.json`))).toContain(
    `malformed: 'model.json' names '${name}' as weights`,
  );
  expect((await filesBelow(cache)).filter(path => !/\.part(\.json)?$/.test(path))).toEqual([]);
});

it('goes on with the weights, too', async () => {
  const weights = archive();
  const json = JSON.stringify({ weightsManifest: [{ paths: ['a.bin'] }] });
  const server = await serve((request, response, n) => {
    if (request.url!.endsWith('.json')) sendFile(request, response, Buffer.from(json));
    else sendFile(request, response, weights, undefined, n === 1 ? 100_000 : undefined);
  });
  const url = `${server.url}/model.json`;
  await refused(download(url, { retries: 0 }));
  expect((await download(url)).cached).toBe(false);
  expect(server.requests.map(({ path, range }) => `${path} ${range ?? ''}`)).toEqual([
    '/model.json ',
    '/a.bin ',
    '/a.bin bytes=100000-',
  ]);
});

it('takes a copy of what is in the cache, and leaves what is not its own', async () => {
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
  expect(await refused(download(url, { folder: taken }))).toContain('invalid-argument: there is a file');
  expect(await readFile(join(taken, 'a.tar.gz'), 'utf8')).toBe('mine');
  await download(url, { folder: taken, force: true });
  expect(bytes.equals(await readFile(join(taken, 'a.tar.gz')))).toBe(true);
});

it('downloads once for several at the same time', async () => {
  const bytes = archive();
  const server = await serve((request, response) => setTimeout(() => sendFile(request, response, bytes), 300));
  const waited: string[] = [];
  const results = await Promise.all(
    [1, 2, 3].map(() => download(server.url, { onProgress: ({ phase }) => waited.push(phase) })),
  );
  expect(results.map(({ cached }) => cached).sort()).toEqual([false, true, true]);
  expect(waited).toContain('wait');
  expect(server.requests).toHaveLength(1);
  expect(await filesBelow(cache)).toHaveLength(2);
});

it('ends when it is told to, and keeps what it has', async () => {
  const bytes = archive();
  const server = await serve(stalling(bytes, 100_000));
  const controller = new AbortController();
  const work = download(server.url, {
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done === 100_000) controller.abort();
    },
  });
  expect(await refused(work)).toContain('cancelled: the download was cancelled');
  expect((await download(server.url)).sha256).toBe(sha256(bytes));
  expect(server.requests[1]?.range).toBe('bytes=100000-');
  expect(await refused(download(server.url, { signal: AbortSignal.abort(), force: true }))).toContain('cancelled');
});

it('says what stands in the way of the folder', async () => {
  const server = await serve((request, response) => sendFile(request, response, archive()));
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  expect(await refused(download(server.url, { folder: join(folder, 'file', 'below') }))).toContain(
    'a part of the path is a file',
  );
  await mkdir(join(folder, 'a.tar.gz'));
  expect(await refused(download(`${server.url}/a.tar.gz`, { folder, force: true }))).toMatch(
    /^io: cannot write '.*a\.tar\.gz'/,
  );
  expect((await stat(join(folder, 'a.tar.gz'))).isDirectory()).toBe(true);
});
