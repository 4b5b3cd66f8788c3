import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { Detector, readImage } from '../../src/index.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { core } from '../support/openvino.ts';

useFreshCache();

const RUNS = 80;
/** Runs until buffers and heaps have reached their size. */
const WARM_UP = 20;

it('neither leaks memory nor blocks the event loop', async () => {
  using detector = await Detector.load(CENTERNET, { core, device: 'CPU' });
  const image = await readImage(PHOTO);
  const inferences: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let resident = 0;
  for (let run = 0; run < RUNS; run++) {
    if (run === WARM_UP) {
      resident = process.memoryUsage.rss();
      delay.enable();
    }
    inferences.push((await detector.detect(image)).ms.infer);
  }
  delay.disable();
  expect(process.memoryUsage.rss() - resident).toBeLessThan(20e6);
  // If inference blocked the event loop, delays would mostly be as long as an inference.
  const middle = inferences.sort((a, b) => a - b)[RUNS / 2]!;
  expect(delay.percentile(90) / 1e6).toBeLessThan(middle / 2);
});
