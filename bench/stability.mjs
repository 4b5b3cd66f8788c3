// Checks that memory does not grow and the event loop does not stall over many detections in one process.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Detector, readImage } from 'decant';

const RUNS = 1000;
/** Iterations during which buffers and heaps may still grow. */
const WARM_UP = 100;
const HUMAN = 'node_modules/@vladmandic/human';

const residentMb = () => process.memoryUsage.rss() / 1e6;

const detector = await Detector.load(`${HUMAN}/models/centernet.json`);
const image = await readImage(`${HUMAN}/assets/samples.jpg`);
const delay = monitorEventLoopDelay({ resolution: 1 });
let warm = 0;
let most = 0;
let start = 0;
for (let run = 1; run <= RUNS; run++) {
  await detector.detect(image);
  if (run === WARM_UP) {
    warm = most = residentMb();
    delay.enable();
    start = performance.now();
  }
  most = Math.max(most, residentMb());
}
delay.disable();
const perRun = (performance.now() - start) / (RUNS - WARM_UP);
const grown = residentMb() - warm;
detector.close();

console.log(`${RUNS} detections, ${perRun.toFixed(1)} ms each`);
console.log(
  `resident memory: ${warm.toFixed(0)} MB after ${WARM_UP}, grown by ${grown.toFixed(1)} MB at the end, by ${(most - warm).toFixed(1)} MB at the peak`,
);
console.log(
  `event loop: longest stall ${(delay.max / 1e6).toFixed(1)} ms, 99th percentile ${(delay.percentile(99) / 1e6).toFixed(1)} ms`,
);
process.exitCode = most - warm < 20 && delay.max / 1e6 < 20 ? 0 : 1;
