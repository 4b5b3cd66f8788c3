import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Detector } from '../../src/api/detector.ts';
import { drawDetections } from '../../src/draw/draw-detections.ts';
import { asDecantError } from '../../src/errors.ts';
import type { RunningServer } from '../../src/server/start-server.ts';
import { Thread } from '../../src/server/thread/thread.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { core } from '../support/openvino.ts';
import { ask, post, testServer } from '../support/test-server.ts';

useFreshCache();

let server: RunningServer;

/** Milliseconds from start to end of the load, and the longest that this thread was busy meanwhile. */
let load: { readonly ms: number; readonly busy: number };

beforeAll(async () => {
  load = await watching(async () => {
    server = await testServer({ models: [{ name: 'centernet', path: CENTERNET }], limits: { imagePixels: 2 ** 26 } });
  });
});
afterAll(() => server.close());

/** Runs `work`, and measures how long this thread did nothing else at most. */
async function watching(work: () => Promise<unknown>): Promise<{ readonly ms: number; readonly busy: number }> {
  const start = performance.now();
  let last = start;
  let busy = 0;
  const timer = setInterval(() => {
    busy = Math.max(busy, performance.now() - last);
    last = performance.now();
  }, 1);
  await work();
  clearInterval(timer);
  return { ms: performance.now() - start, busy: Math.max(busy, performance.now() - last) };
}

/** A bitmap of `size` x `size` pixels in few bytes: each row is runs of one color. */
function bitmap(size: number): Uint8Array {
  const row = Array.from({ length: Math.ceil(size / 255) }, (_, i) => [Math.min(255, size - 255 * i), i % 200]).flat();
  const head = Buffer.alloc(1078);
  head.write('BM');
  head.writeUInt32LE(1078, 10);
  [40, size, size].forEach((field, i) => head.writeUInt32LE(field, 14 + 4 * i));
  [1, 8].forEach((field, i) => head.writeUInt16LE(field, 26 + 2 * i));
  head.writeUInt32LE(1, 30);
  return Buffer.concat([head, ...Array.from({ length: size }, () => Buffer.from([...row, 0, 0])), Buffer.from([0, 1])]);
}

const DETECT = '/v1/models/centernet/detect?threshold=0.4';

it('converts models in another thread', () => {
  expect(load.busy).toBeLessThan(load.ms / 4);
});

it('decodes bitmaps in another thread', async () => {
  let answer: unknown;
  const { ms, busy } = await watching(async () => {
    answer = await ask(server, DETECT, post(bitmap(8000)));
  });
  expect(answer).toMatchObject({ status: 200, json: { images: [{ width: 8000, height: 8000 }] } });
  expect(busy).toBeLessThan(ms / 4);
});

it('draws in another thread what the library draws', async () => {
  const photo = await readFile(PHOTO);
  let drawn = new Uint8Array();
  const { ms, busy } = await watching(async () => {
    const response = await fetch(server.url + DETECT, { ...post(photo), headers: { accept: 'image/png' } });
    drawn = new Uint8Array(await response.arrayBuffer());
  });
  using detector = await Detector.load(CENTERNET, { core, device: 'CPU', performanceHint: 'throughput' });
  const { image, detections } = await detector.detect(photo, { threshold: 0.4 });
  expect(Buffer.from(drawn).equals(await drawDetections(image, detections))).toBe(true);
  expect(busy).toBeLessThan(ms / 4);
});

it('fails as the task does, and goes on', async () => {
  using thread = new Thread();
  const given = { bytes: bitmap(100), name: 'a.bmp', maxPixels: 10 };
  const error = await thread.run('decodeBmp', given).catch(asDecantError);
  expect(error).toMatchObject({ code: 'limit', message: expect.stringContaining('a.bmp') as string });
  await expect(thread.run('decodeBmp', { ...given, bytes: bitmap(3) })).resolves.toMatchObject({ width: 3, height: 3 });
});

it('fails if it ends', async () => {
  const thread = new Thread();
  const running = thread.run('decodeBmp', { bytes: bitmap(8000), name: 'a.bmp', maxPixels: 2 ** 26 });
  thread[Symbol.dispose]();
  await expect(running).rejects.toMatchObject({ code: 'internal', message: 'a worker thread of the server ended' });
});
