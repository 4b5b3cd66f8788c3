import { createConnection } from 'node:net';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublicAddress, imageUrlFetcher } from '../../src/server/http/fetch-image-url.ts';
import type { RunningServer } from '../../src/server/start-server.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { LIVENESS } from '../support/models.ts';
import { serve } from '../support/server.ts';
import { ask, post, testServer } from '../support/test-server.ts';

useFreshCache();

const KEY = 'correct horse';

let server: RunningServer;
beforeAll(async () => {
  server = await testServer({
    models: [{ name: 'liveness', path: LIVENESS }],
    access: { apiKey: KEY, hosts: ['detector.example'], cors: ['https://app.example'] },
    limits: { requestBytes: 100_000, totalBytes: 150_000, timeout: 1000 },
  });
});
afterAll(() => server.close());

/** Sends a request with headers that `fetch` would set itself. */
function send(headers: Readonly<Record<string, string>>, method = 'GET', path = '/v2/health/live'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}${path}`, { method, headers }, response => {
      response.resume().on('end', () => resolve(response.statusCode!));
    });
    sent.on('error', reject).end();
  });
}

describe('the API key', () => {
  it.each([
    [{}, 401],
    [{ authorization: 'Bearer wrong' }, 401],
    [{ authorization: KEY }, 401],
    [{ 'x-api-key': `${KEY} ` + 'x' }, 401],
    [{ 'x-api-key': KEY }, 200],
  ])('in %j is answered with %i', async (headers, status) => {
    expect((await ask(server, '/v1/models', { headers })).status).toBe(status);
  });

  it('is not needed for health, documentation and the page', async () => {
    for (const path of ['/v2/health/live', '/v2/health/ready', '/docs/json', '/']) {
      expect([path, (await ask(server, path)).status]).toEqual([path, 200]);
    }
    for (const path of ['/metrics', '/v2', '/v2/models/liveness', '/none']) {
      expect([path, (await ask(server, path)).status]).toEqual([path, 401]);
    }
  });
});

it.each([
  ['127.0.0.1', 200],
  ['127.0.0.1:80', 200],
  ['[::1]:8080', 200],
  ['localhost', 200],
  ['a.localhost:1', 200],
  ['detector.example', 200],
  ['Detector.Example.:8080', 200],
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost.evil.example', 421],
  ['evil.example@127.0.0.1', 421],
])('answers requests for the host %j with %i', async (host, status) => {
  expect(await send({ host })).toBe(status);
});

it.each([
  ['GET http://evil.example/v2/health/live HTTP/1.1', ['localhost'], 421],
  ['GET http://localhost/v2/health/live HTTP/1.1', ['localhost'], 200],
  ['GET /v2/health/live HTTP/1.1', ['localhost', 'evil.example'], 400],
  ['GET /v2/health/live HTTP/1.0', [], 421],
])('answers %j for the hosts %j with %i', async (line, hosts, status) => {
  const head = [line, ...hosts.map(host => `Host: ${host}`), 'Connection: close'].join('\r\n');
  expect(await answerTo(`${head}\r\n\r\n`)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

/** Sends text as it is. Returns the answer, and all after it. */
function answerTo(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', data => (answer += String(data)));
    socket.on('error', reject).on('close', () => resolve(answer));
    socket.write(text);
  });
}

describe('web pages', () => {
  it.each([
    ['https://app.example', 200],
    ['http://detector.example', 200],
    ['https://evil.example', 403],
    ['https://app.example.evil.example', 403],
    ['null', 403],
  ])('of %s are answered with %i', async (origin, status) => {
    expect(await send({ host: 'detector.example', origin })).toBe(status);
  });

  it('may read answers if their origin is allowed', async () => {
    const init = { headers: { origin: 'https://app.example', 'x-api-key': KEY } };
    const { headers } = await ask(server, '/v1/models', init);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(headers.get('vary')).toBe('origin');
    const preflight = await ask(server, '/v1/models/liveness/detect', { ...init, method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-api-key');
  });
});

describe('requests', () => {
  it('that would fill the memory are refused before they are received', async () => {
    const headers = { 'x-api-key': KEY, 'content-length': '90000' };
    const held = request(`${server.url}/v2/models/liveness/infer`, { method: 'POST', headers });
    held.on('error', () => undefined);
    held.flushHeaders();
    const body = new Uint8Array(80_000);
    const answer = async (): Promise<readonly unknown[]> => {
      const reply = await ask(server, '/v2/models/liveness/infer', post(body, { 'x-api-key': KEY }));
      return [reply.status, reply.headers.get('retry-after')];
    };
    await expect.poll(answer, { timeout: 10_000 }).toEqual([503, '1']);
    held.destroy();
    await expect.poll(answer, { timeout: 10_000 }).toEqual([400, null]);
  });

  it('that arrive too slowly end', async () => {
    const text = await answerTo(
      `POST /v2/models/liveness/infer HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${KEY}\r\nContent-Length: 10\r\n\r\n{`,
    );
    expect(text).toMatch(/^HTTP\/1.1 (?:408|504) /);
  });
});

describe('images by URL', () => {
  const PIXEL = Buffer.from('GIF89a');
  const signal = new AbortController().signal;
  const fetcher = (hosts: readonly string[], maxBytes = 1000): ReturnType<typeof imageUrlFetcher> =>
    imageUrlFetcher({ hosts, maxBytes, isAllowedAddress: address => address === '127.0.0.1' });

  it('are fetched from allowed hosts, also after redirects', async () => {
    const { url } = await serve((asked, response) => {
      if (asked.url === '/redirect') response.writeHead(302, { location: '/image' }).end();
      else response.end(PIXEL);
    });
    const { port } = new URL(url);
    const fetched = await fetcher([`localhost:${port}`])(`http://localhost:${port}/redirect`, signal);
    expect(Buffer.from(fetched)).toEqual(PIXEL);
  });

  it('are not fetched from others, not even after redirects', async () => {
    const { url, requests } = await serve((asked, response) => {
      const to: Readonly<Record<string, string>> = {
        '/elsewhere': 'http://evil.example/',
        '/metadata': 'http://169.254.169.254/latest',
        '/file': 'file:///etc/passwd',
        '/loop': '/loop',
      };
      response.writeHead(302, { location: to[asked.url ?? ''] }).end();
    });
    const { port } = new URL(url);
    const fetchUrl = fetcher([`localhost:${port}`, '169.254.169.254']);
    await expect(fetchUrl('http://evil.example/a.jpg', signal)).rejects.toThrow('not on the list');
    await expect(fetchUrl(`http://127.0.0.1:${port}/a.jpg`, signal)).rejects.toThrow('not on the list');
    await expect(fetchUrl('ftp://localhost/a.jpg', signal)).rejects.toThrow('not an http: or https: URL');
    await expect(fetchUrl(`http://user@localhost:${port}/`, signal)).rejects.toThrow('user name');
    await expect(fetchUrl('nonsense', signal)).rejects.toThrow('not a URL');
    await expect(fetchUrl(`http://localhost:${port}/elsewhere`, signal)).rejects.toThrow('not on the list');
    await expect(fetchUrl(`http://localhost:${port}/metadata`, signal)).rejects.toThrow('its address is not public');
    await expect(fetchUrl(`http://localhost:${port}/file`, signal)).rejects.toThrow('not an http: or https: URL');
    await expect(fetchUrl(`http://localhost:${port}/loop`, signal)).rejects.toThrow('redirects more than 3 times');
    expect(requests).toHaveLength(7);
  });

  it('are not fetched from hosts that resolve to addresses of this machine', async () => {
    const { url, requests } = await serve((_, response) => response.end(PIXEL));
    const { port } = new URL(url);
    const fetchUrl = imageUrlFetcher({ hosts: [`localhost:${port}`], maxBytes: 1000 });
    await expect(fetchUrl(`http://localhost:${port}/`, signal)).rejects.toThrow(
      "the address of 'localhost' is not public",
    );
    expect(requests).toEqual([]);
  });

  it('are not larger than a request', async () => {
    const { url } = await serve((_, response) => response.end(Buffer.alloc(2000)));
    const { port } = new URL(url);
    await expect(fetcher([`localhost:${port}`])(`http://localhost:${port}/`, signal)).rejects.toThrow(
      'more than 1000 bytes',
    );
  });

  it.each([
    ['93.184.215.14', true],
    ['2606:2800:220:1:248:1893:25c8:1946', true],
    ['127.0.0.1', false],
    ['10.1.2.3', false],
    ['172.20.0.1', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['ff02::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['64:ff9b::7f00:1', false],
    ['2002:7f00:1::', false],
    ['2001:db8::1', false],
    ['localhost', false],
  ])('from %s: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});
