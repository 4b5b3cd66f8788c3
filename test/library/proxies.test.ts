import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { fetchImage } from '../../src/image/fetch-image.ts';
import { RemoteModel } from '../../src/kserve/remote-model.ts';
import { S3Client } from '../../src/queue/s3-client.ts';

const METADATA = { name: 'ssd', inputs: [], outputs: [] };

const KEYS = {
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  AWS_ENDPOINT_URL: 'http://store.example:9000',
};

/** Hosts that nothing but the proxy can reach, and what it was asked for. */
let proxy: Server;
let asked: string[] = [];
let busy = 0;

const previous = { ...process.env };

beforeAll(async () => {
  proxy = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.statusCode = busy-- > 0 ? 503 : 200;
    response.end(JSON.stringify(METADATA));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  // Read when the first request is sent.
  process.env['http_proxy'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  process.env['no_proxy'] = 'direct.invalid';
});
afterAll(() => {
  process.env = previous;
  proxy.close();
});
beforeEach(() => {
  asked = [];
});

it('asks models on servers through the proxy', async () => {
  const { metadata } = await RemoteModel.connect('http://models.example:8000/v2/models/ssd');
  expect(metadata.name).toBe('ssd');
  expect(asked).toEqual(['GET http://models.example:8000/v2/models/ssd']);
});

it('reaches S3 through the proxy, again while it is busy', async () => {
  busy = 2;
  const client = new S3Client(KEYS);
  const body = new TextDecoder().decode(await client.get({ bucket: 'shots', key: 'a b.jpg' }));
  expect(body).toBe(JSON.stringify(METADATA));
  await client.put({ bucket: 'shots', key: 'found.json' }, '{}');
  const got = 'GET http://store.example:9000/shots/a%20b.jpg';
  expect(asked).toEqual([got, got, got, 'PUT http://store.example:9000/shots/found.json']);
});

it('fetches images through the proxy', async () => {
  await fetchImage('http://images.example/a.jpg');
  expect(asked).toEqual(['GET http://images.example/a.jpg']);
});

it('reaches hosts of NO_PROXY directly', async () => {
  const direct = RemoteModel.connect('http://direct.invalid/v2/models/ssd');
  await expect(direct).rejects.toMatchObject({ code: 'network' });
  await expect(
    new S3Client({ ...KEYS, AWS_ENDPOINT_URL: 'http://direct.invalid' }).list({ bucket: 'b', key: '' }),
  ).rejects.toMatchObject({ code: 'network' });
  expect(asked).toEqual([]);
});
