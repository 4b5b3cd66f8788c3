import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { runHostile } from '../../tools/hostile/run-hostile.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { ask, post, testServer } from '../support/test-server.ts';

useFreshCache();

it('survives hostile requests', async () => {
  const server = await testServer({
    models: [
      { name: 'centernet', path: CENTERNET },
      { name: 'liveness', path: LIVENESS },
    ],
    limits: { imagePixels: 2_000_000 },
  });
  const photo = await readFile(PHOTO);
  const small = await sharp(photo).resize(64).jpeg().toBuffer();
  const bomb = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const { statuses, failures } = await runHostile({
    port: Number(new URL(server.url).port),
    seed: 'test',
    count: 500,
    seeds: {
      photo: small,
      bomb,
      detector: 'centernet',
      other: 'liveness',
      input: { name: 'conv2d_1_input', datatype: 'FP32', shape: [1, 32, 32, 3] },
    },
  });
  expect(failures).toEqual([]);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([400, 404, 413]));
  expect((await ask(server, '/v1/models/centernet/detect', post(new Uint8Array(photo)))).status).toBe(200);
  await server.close();
});
