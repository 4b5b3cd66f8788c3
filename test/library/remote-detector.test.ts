import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Detector } from '../../src/api/detector.ts';
import type { RunningServer } from '../../src/server/start-server.ts';
import { decant, expectFailure, jsonOf } from '../support/run-cli.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { core } from '../support/openvino.ts';
import { testServer } from '../support/test-server.ts';

useFreshCache();

let server: RunningServer;

beforeAll(async () => {
  server = await testServer({
    models: [
      { name: 'centernet', path: CENTERNET },
      { name: 'liveness', path: LIVENESS },
    ],
    access: { apiKey: 'secret' },
  });
});
afterAll(() => server.close());

const url = (name: string): string => `${server.url}/v2/models/${name}`;

describe('a detector on a server', () => {
  it('finds what it finds here', async () => {
    using local = await Detector.load(CENTERNET, { device: 'CPU', core });
    using remote = await Detector.load(url('centernet'), { apiKey: 'secret' });
    const options = { threshold: 0.2 };
    const { detections } = await remote.detect(PHOTO, options);
    expect(detections.length).toBeGreaterThan(2);
    expect(detections).toEqual((await local.detect(PHOTO, options)).detections);
    expect(remote.kind).toBe('centernet-boxes');
    expect(remote.device).toBe(new URL(server.url).host);
    expect([...remote.labels]).toEqual([...local.labels]);
    expect(() => remote.compiled).toThrow('is compiled on its server');
  });

  it('runs many images', async () => {
    using remote = await Detector.load(`${url('centernet')}/`, { apiKey: 'secret' });
    const counts: number[] = [];
    for await (const { result } of remote.detectAll([PHOTO, PHOTO, PHOTO])) counts.push(result!.detections.length);
    expect(new Set(counts).size).toBe(1);
  });

  it('is cancelled', async () => {
    using remote = await Detector.load(url('centernet'), { apiKey: 'secret' });
    const signal = AbortSignal.abort();
    await expect(remote.detect(PHOTO, { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([
    ['centernet', { apiKey: 'wrong' }, 'invalid-argument', 'refuses: 401'],
    ['gone', { apiKey: 'secret' }, 'not-found', 'has no such model'],
    ['liveness', { apiKey: 'secret' }, 'unsupported', 'unrecognized detector'],
    ['centernet', { apiKey: 'secret', device: 'CPU' }, 'invalid-argument', 'the option device has no effect'],
  ])('%s with %j fails', async (name, options, code, message) => {
    await expect(Detector.load(url(name), options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('tells that nobody answers, or something else', async () => {
    await expect(Detector.load('http://127.0.0.1:9/v2/models/a')).rejects.toMatchObject({ code: 'network' });
    const other = `${server.url}/v1/models/v2/models/centernet`;
    await expect(Detector.load(other, { apiKey: 'secret' })).rejects.toMatchObject({ name: 'DecantError' });
  });

  it('runs from the command line', async () => {
    const env = { DECANT_API_KEY: 'secret' };
    const there = await decant(['detect', url('centernet'), PHOTO, '--json', '--threshold', '0.3'], { env });
    const here = await decant(['detect', CENTERNET, PHOTO, '--json', '--threshold', '0.3', '--device', 'CPU']);
    const detectionsIn = (outcome: typeof there): unknown =>
      (jsonOf(outcome) as { readonly images: readonly { readonly detections: unknown }[] }).images[0]!.detections;
    expect(detectionsIn(there)).toEqual(detectionsIn(here));
    const refused = await decant(['detect', url('centernet'), PHOTO, '--device', 'GPU'], { env });
    expectFailure(refused, 2, 'the option device has no effect on a model on a server');
  });
});
