import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DetectionOutcome, Detector, type LazyImage, readImage } from '../../src/index.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { core } from '../support/openvino.ts';

useFreshCache();

let detector: Detector;
beforeAll(async () => {
  detector = await Detector.load(CENTERNET, { core, device: 'CPU', performanceHint: 'throughput' });
});
afterAll(() => detector.close());

async function collect<T>(outcomes: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

describe('Detector.detectAll', () => {
  it('yields the results of detect, in order', async () => {
    const inputs = [PHOTO, await readFile(PHOTO), await readImage(PHOTO), { read: () => readImage(PHOTO) }];
    const { detections } = await detector.detect(PHOTO, { threshold: 0.3 });
    const outcomes = await collect(detector.detectAll(inputs, { threshold: 0.3 }));
    expect(outcomes.map(({ index, input }) => ({ index, input }))).toEqual(
      inputs.map((input, index) => ({ index, input })),
    );
    for (const { result } of outcomes) expect(result?.detections).toEqual(detections);
  });

  it('continues after an unreadable image', async () => {
    const outcomes = await collect(detector.detectAll([PHOTO, 'gone.jpg', Buffer.from('no image'), PHOTO]));
    expect(outcomes.map(({ result, error }) => error?.code ?? result?.width)).toEqual([
      1280,
      'not-found',
      'bad-image',
      1280,
    ]);
  });

  it('yields results as they become available with ordered: false', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    const slow: LazyImage = { read: () => held.then(() => readImage(PHOTO)) };
    const order: number[] = [];
    for await (const { index } of detector.detectAll([slow, PHOTO, PHOTO], { ordered: false })) {
      order.push(index);
      if (order.length === 2) release();
    }
    expect(order.at(-1)).toBe(0);
    expect([...order].sort()).toEqual([0, 1, 2]);
  });

  it('requests no more images than fit, for a sequence of any length', async () => {
    const image = await readImage(PHOTO);
    let requested = 0;
    let reading = 0;
    let most = 0;
    const lazy: LazyImage = {
      async read() {
        most = Math.max(most, ++reading);
        await Promise.resolve();
        reading--;
        return image;
      },
    };
    async function* endless(): AsyncGenerator<LazyImage> {
      for (;;) {
        requested++;
        yield lazy;
        await Promise.resolve();
      }
    }
    const taken: DetectionOutcome<LazyImage>[] = [];
    for await (const outcome of detector.detectAll(endless(), { concurrency: 3 })) {
      taken.push(outcome);
      expect(requested - taken.length).toBeLessThanOrEqual(3);
      if (taken.length === 10) break;
    }
    expect(most).toBeLessThanOrEqual(3);
    expect(taken.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('can be cancelled, and the detector is usable afterwards', async () => {
    const controller = new AbortController();
    const inputs = Array.from({ length: 50 }, () => PHOTO);
    let count = 0;
    const run = async (): Promise<void> => {
      for await (const { result } of detector.detectAll(inputs, { signal: controller.signal })) {
        expect(result).toBeDefined();
        if (++count === 2) controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' });
    expect(count).toBe(2);
    expect((await detector.detect(PHOTO, { threshold: 0.3 })).detections.length).toBeGreaterThanOrEqual(5);
  });

  it('rejects invalid options before reading an image', async () => {
    for (const options of [{ threshold: 2 }, { maxDetections: -1 }, { concurrency: 0 }]) {
      await expect(detector.detectAll(['gone.jpg'], options).next()).rejects.toMatchObject({
        code: 'invalid-argument',
      });
    }
  });

  it('runs as many parallel inferences as OpenVINO recommends', () => {
    const advised = detector.compiled.getProperty('OPTIMAL_NUMBER_OF_INFER_REQUESTS');
    expect(detector.requests).toBe(Number(advised));
    expect(detector.compiled.getProperty('PERFORMANCE_HINT')).toBe('THROUGHPUT');
  });
});
