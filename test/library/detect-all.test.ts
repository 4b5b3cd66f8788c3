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
  it('finds what one call for each finds, in order', async () => {
    const pictures = [PHOTO, await readFile(PHOTO), await readImage(PHOTO), { read: () => readImage(PHOTO) }];
    const { detections } = await detector.detect(PHOTO, { threshold: 0.3 });
    const outcomes = await collect(detector.detectAll(pictures, { threshold: 0.3 }));
    expect(outcomes.map(({ index, input }) => ({ index, input }))).toEqual(
      pictures.map((input, index) => ({ index, input })),
    );
    for (const { result } of outcomes) expect(result?.detections).toEqual(detections);
  });

  it('goes on after a picture that cannot be read', async () => {
    const outcomes = await collect(detector.detectAll([PHOTO, 'gone.jpg', Buffer.from('no picture'), PHOTO]));
    expect(outcomes.map(({ result, error }) => error?.code ?? result?.width)).toEqual([
      1280,
      'not-found',
      'bad-image',
      1280,
    ]);
  });

  it('gives those first that are done first, when asked to', async () => {
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

  it('asks for no more pictures than it holds, however long the row', async () => {
    const image = await readImage(PHOTO);
    let [asked, reading, most] = [0, 0, 0];
    const picture: LazyImage = {
      async read() {
        most = Math.max(most, ++reading);
        await Promise.resolve();
        reading--;
        return image;
      },
    };
    async function* endless(): AsyncGenerator<LazyImage> {
      for (;;) {
        asked++;
        yield picture;
        await Promise.resolve();
      }
    }
    const taken: DetectionOutcome<LazyImage>[] = [];
    for await (const outcome of detector.detectAll(endless(), { concurrency: 3 })) {
      taken.push(outcome);
      expect(asked - taken.length).toBeLessThanOrEqual(3);
      if (taken.length === 10) break;
    }
    expect(most).toBeLessThanOrEqual(3);
    expect(taken.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is cancelled by a signal, and the detector goes on', async () => {
    const controller = new AbortController();
    const pictures = Array.from({ length: 50 }, () => PHOTO);
    let count = 0;
    const run = async (): Promise<void> => {
      for await (const { result } of detector.detectAll(pictures, { signal: controller.signal })) {
        expect(result).toBeDefined();
        if (++count === 2) controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' });
    expect(count).toBe(2);
    expect((await detector.detect(PHOTO, { threshold: 0.3 })).detections.length).toBeGreaterThanOrEqual(5);
  });

  it('refuses options that cannot be, before it reads a picture', async () => {
    for (const options of [{ threshold: 2 }, { maxDetections: -1 }, { concurrency: 0 }]) {
      await expect(detector.detectAll(['gone.jpg'], options).next()).rejects.toMatchObject({
        code: 'invalid-argument',
      });
    }
  });

  it('runs as many inferences at once as OpenVINO advises', () => {
    const advised = detector.compiled.getProperty('OPTIMAL_NUMBER_OF_INFER_REQUESTS');
    expect(detector.requests).toBe(Number(advised));
    expect(detector.compiled.getProperty('PERFORMANCE_HINT')).toBe('THROUGHPUT');
  });
});
