import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convertModel, saveModel } from '../../src/index.ts';
import type { RunningServer } from '../../src/server/start-server.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { movedPhoto } from '../support/moved-photo.ts';
import { ask, post, testServer } from '../support/test-server.ts';

const MAX_BATCH = 4;

let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-batching-'));
  const path = join(folder, 'open.xml');
  await saveModel(await convertModel(CENTERNET, { batch: -1 }), path);
  server = await testServer({ models: [{ name: 'open', path }], limits: { batch: MAX_BATCH } });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function detectionsIn(image: Uint8Array): Promise<unknown> {
  const { status, json } = await ask(server, '/v1/models/open/detect?threshold=0.2', post(new Uint8Array(image)));
  expect(status).toBe(200);
  return (json as { readonly images: readonly [{ readonly detections: unknown }] }).images[0].detections;
}

/** How many inferences ran alone, and how many in all. */
async function inferences(): Promise<readonly [alone: number, all: number]> {
  const { text } = await ask(server, '/metrics');
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
  return [number(/^decant_batch_size_bucket\{le="1",.*\} (\d+)$/m), number(/^decant_batch_size_count\{.*\} (\d+)$/m)];
}

it('runs requests that wait as one inference, with the answers of each alone', async () => {
  expect((await ask(server, '/v1/models/open')).json).toMatchObject({ batch: MAX_BATCH, kind: 'centernet-boxes' });
  const images = [await readFile(PHOTO), ...(await Promise.all([0, 80].map(movedPhoto)))];
  const alone: unknown[] = [];
  for (const image of images) alone.push(await detectionsIn(image));
  expect(alone.map(detections => (detections as readonly object[]).length)).not.toContain(0);
  expect(await inferences()).toEqual([images.length, images.length]);

  const order = Array.from({ length: 4 * images.length }, (_, i) => (2 * i) % images.length);
  const together = await Promise.all(order.map(i => detectionsIn(images[i]!)));
  expect(together).toEqual(order.map(i => alone[i]));
  const [single, all] = await inferences();
  expect(all).toBe(images.length + order.length);
  expect(single).toBeLessThan(images.length + order.length / 2);
});
