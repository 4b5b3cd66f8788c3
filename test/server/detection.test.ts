import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Detector } from '../../src/api/detector.ts';
import type { RunningServer } from '../../src/server/start-server.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { core } from '../support/openvino.ts';
import { temporaryFolder } from '../support/run-cli.ts';
import { ask, post, testServer } from '../support/test-server.ts';

useFreshCache();

let server: RunningServer;
let photo: Buffer;

/** The detections of the library, as JSON. */
let expected: unknown;

beforeAll(async () => {
  photo = await readFile(PHOTO);
  using detector = await Detector.load(CENTERNET, { core, device: 'CPU', performanceHint: 'throughput' });
  const { detections } = await detector.detect(photo, { threshold: 0.4 });
  expected = JSON.parse(JSON.stringify(detections));
  server = await testServer({
    models: [
      { name: 'centernet', path: CENTERNET },
      { name: 'liveness', path: LIVENESS },
      { name: 'gone', path: 'gone.xml' },
    ],
    limits: { imagePixels: 2_000_000, requestBytes: 1_000_000 },
  });
});
afterAll(() => server.close());

const DETECT = '/v1/models/centernet/detect?threshold=0.4';

const form = (...names: readonly string[]): FormData => {
  const data = new FormData();
  for (const name of names) data.append('image', new Blob([new Uint8Array(photo)]), name);
  return data;
};

const asJson = (body: object): RequestInit => post(JSON.stringify(body), { 'content-type': 'application/json' });

describe('detect', () => {
  it.each([
    ['a file', () => post(new Uint8Array(photo), { 'content-type': 'image/jpeg' }), 'image'],
    ['a file of unknown type', () => post(new Uint8Array(photo)), 'image'],
    ['a form', () => post(form('party.jpg')), 'party.jpg'],
    ['base64', () => asJson({ image: photo.toString('base64'), name: 'party' }), 'party'],
    ['a data: URL', () => asJson({ image: `data:image/jpeg;base64,${photo.toString('base64')}` }), 'image'],
  ])('answers %s as the library does', async (_, request, file) => {
    const { status, json } = await ask(server, DETECT, request());
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { model: 'centernet', device: 'CPU', images: [{ file, width: 1280, height: 1158, detections: expected }] },
    });
  });

  it('answers several images in their order', async () => {
    const { json } = await ask(server, DETECT, post(form('a.jpg', 'b.jpg', 'c.jpg')));
    expect(json).toMatchObject({ images: ['a.jpg', 'b.jpg', 'c.jpg'].map(file => ({ file, detections: expected })) });
  });

  it('filters', async () => {
    const path = `${DETECT}&classes=person,7&max-detections=1`;
    const { json } = await ask(server, path, post(new Uint8Array(photo)));
    expect(json).toMatchObject({ images: [{ detections: [(expected as readonly unknown[])[0]] }] });
    expect((json as { images: [{ detections: unknown[] }] }).images[0].detections).toHaveLength(1);
    const none = await ask(server, `${DETECT}&classes=car`, post(new Uint8Array(photo)));
    expect(none.json).toMatchObject({ images: [{ detections: [] }] });
  });

  it('answers in other formats', async () => {
    const { text } = await ask(server, `${DETECT}&format=csv`, post(form('a.jpg')));
    expect(text.split('\n')).toHaveLength((expected as readonly unknown[]).length + 2);
    expect(text).toMatch(/^file,page,[^\n]*\na\.jpg,/);
  });

  it.each(['png', 'jpeg', 'webp'])('draws as %s', async format => {
    const accept = `image/${format}, application/json;q=0.5`;
    const response = await fetch(`${server.url}${DETECT}`, post(new Uint8Array(photo), { accept }));
    expect(response.headers.get('content-type')).toBe(`image/${format}`);
    const drawn = sharp(await response.arrayBuffer());
    expect(await drawn.metadata()).toMatchObject({ format, width: 1280, height: 1158 });
    const [before, after] = await Promise.all([sharp(photo), drawn].map(image => image.raw().toBuffer()));
    expect(before!.equals(after!)).toBe(false);
  });

  it.each<[string, string, () => RequestInit | Promise<RequestInit>, number, string]>([
    ['no image', DETECT, () => ({ method: 'POST' }), 400, 'the request has no image'],
    ['text', DETECT, () => post('hello'), 400, 'image is not an image in a supported format'],
    ['half an image', DETECT, () => post(new Uint8Array(photo.subarray(0, 40_000))), 400, 'corrupt or truncated'],
    ['a drawing', DETECT, () => post('<svg xmlns="http://www.w3.org/2000/svg"/>'), 400, 'an SVG or other XML'],
    ['an archive', DETECT, () => post(gzipSync('a model')), 400, 'an archive, or another file in gzip'],
    ['a form without a file', DETECT, () => post(new FormData()), 400, ''],
    ['a form with text', DETECT, () => post(new URLSearchParams({ a: '1' })), 400, 'supported format'],
    ['bad JSON', DETECT, () => post('{"image":', { 'content-type': 'application/json' }), 400, 'not valid JSON'],
    ['JSON without an image', DETECT, () => asJson({ name: 'x' }), 400, 'body'],
    ['two images in JSON', DETECT, () => asJson({ image: 'aaaa', url: 'http://x' }), 400, 'body'],
    ['bad base64', DETECT, () => asJson({ image: 'a b' }), 400, 'not valid base64'],
    ['a URL', DETECT, () => asJson({ url: 'http://example.com/a.jpg' }), 403, 'fetches no images'],
    ['a bad threshold', '/v1/models/centernet/detect?threshold=2', () => post(form('a')), 400, 'must be <= 1'],
    ['a mistyped field', DETECT, () => asJson({ image: 'AAAA', treshold: 1 }), 400, 'additional properties'],
    [
      'too many detections',
      `${DETECT}&max-detections=Infinity`,
      () => post(new Uint8Array(photo)),
      400,
      'max-detections',
    ],
    [
      'an encoded body',
      DETECT,
      () => post(gzipSync(photo), { 'content-encoding': 'gzip' }),
      415,
      "does not decode 'gzip'",
    ],
    ['a mistyped filter', `${DETECT}&clases=dog`, () => post(new Uint8Array(photo)), 400, "the query has no 'clases'"],
    ['an unknown class', `${DETECT}&classes=elf`, () => post(form('a')), 400, "no class named 'elf'"],
    ['an unknown format', `${DETECT}&format=yolo`, () => post(form('a')), 400, 'format'],
    ['an unknown answer', DETECT, () => post(form('a'), { accept: 'text/html' }), 406, "no answer of type 'text/html'"],
    [
      'two drawn images',
      DETECT,
      () => post(form('a', 'b'), { accept: 'image/png' }),
      400,
      'only one image per request',
    ],
    ['an unknown model', '/v1/models/none/detect', () => post(form('a')), 404, "no model 'none'"],
    ['an unknown version', '/v1/models/centernet/versions/7/detect', () => post(form('a')), 404, "no version '7'"],
    ['another kind of model', '/v1/models/liveness/detect', () => post(form('a')), 422, 'cannot detect objects'],
    ['a failed model', '/v1/models/gone/detect', () => post(form('a')), 503, "'gone.xml' does not exist"],
    ['a large body', DETECT, () => post(new Uint8Array(1_000_001)), 413, 'the maximum is 1000000'],
    ['a large image', DETECT, async () => post(await blank(2000, 1001)), 413, '2000x1001 pixels'],
    ['an unknown address', '/v3', () => ({}), 404, 'no route GET /v3'],
  ])('refuses %s', async (_, path, request, status, text) => {
    const answer = await ask(server, path, await request());
    expect(answer).toMatchObject({ status, json: { error: expect.stringContaining(text) as string } });
  });
});

const blank = async (width: number, height: number): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(
    await sharp({ create: { width, height, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  );

describe('models', () => {
  it('are described', async () => {
    const { json } = await ask(server, '/v1/models');
    expect(json).toMatchObject({
      models: [
        {
          name: 'centernet',
          version: '1',
          state: 'ready',
          kind: 'centernet-boxes',
          device: 'CPU',
          requestedDevice: 'CPU',
        },
        { name: 'gone', state: 'failed', problem: { code: 'not-found' } },
        { name: 'liveness', state: 'ready', inputs: [{ type: 'f32', shape: [1, 32, 32, 3] }] },
      ],
    });
    expect((await ask(server, '/v1/models/centernet/versions/1')).json).toMatchObject({ name: 'centernet' });
  });

  it('are compiled for another device, and keep serving if that fails', async () => {
    const path = '/v1/models/liveness/device';
    const failed = await ask(server, path, asJson({ device: 'TPU' }));
    expect(failed).toMatchObject({ status: 404, json: { error: "device 'TPU' is not available" } });
    expect((await ask(server, '/v1/models/liveness')).json).toMatchObject({ state: 'ready', requestedDevice: 'CPU' });
    const { json } = await ask(server, path, asJson({ device: 'AUTO' }));
    expect(json).toMatchObject({ state: 'ready', requestedDevice: 'AUTO', device: 'CPU' });
    expect(json).not.toHaveProperty('problem');
  });

  it('have devices', async () => {
    const { json } = await ask(server, '/v1/devices');
    const { devices } = json as { readonly devices: readonly { readonly device: string }[] };
    expect(devices.map(({ device }) => device)).toEqual(expect.arrayContaining(['CPU', 'AUTO']));
  });

  it('are counted', async () => {
    const { text } = await ask(server, '/metrics');
    expect(text).toMatch(
      /ovms_requests_success\{api="decant",method="detect",name="centernet",version="1",interface="REST"\} [1-9]/,
    );
    expect(text).toMatch(
      /ovms_requests_fail\{api="decant",method="detect",name="",version="",interface="REST"\} [1-9]/,
    );
    expect(text).toMatch(/ovms_inference_time_us_count\{name="centernet",version="1"\} [1-9]/);
  });
});

it('describes itself in OpenAPI', async () => {
  const { json } = await ask(server, '/docs/json');
  const { paths } = json as { readonly paths: Readonly<Record<string, unknown>> };
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/v1/models/{name}/detect', '/v1/devices']));
  expect((await ask(server, '/docs/')).text).toContain('swagger-ui');
});

it('serves a detector whose kind only the user knows', async () => {
  const fixture = join(import.meta.dirname, '../fixtures/detectors/yolo-v3-grids.pb.gz');
  const path = join(await temporaryFolder(), 'grids.pb');
  await writeFile(path, gunzipSync(await readFile(fixture)));
  const grids = await testServer({
    models: [{ name: 'grids', path }],
    model: { device: 'CPU', head: 'yolo-v4-grids' },
  });
  const { status } = await ask(grids, '/v1/models/grids/detect', post(new Uint8Array(photo)));
  await grids.close();
  expect(status).toBe(200);
});
