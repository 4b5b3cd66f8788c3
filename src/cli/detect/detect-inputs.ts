import type { Detector } from '../../api/detector.ts';
import type { DetectOptions } from '../../api/detector-options.ts';
import { detectImages } from './detect-images.ts';
import type { DetectOutput } from './detect-output.ts';
import { detectVideo } from './detect-video.ts';
import type { DetectEvent } from './events.ts';
import type { DetectPlan } from './plan-detect.ts';

/** Consecutive images are processed concurrently, videos one after the other. */
export async function* detectInputs(
  { remaining, pages, regions, options }: DetectPlan,
  detector: Detector,
  detectOptions: DetectOptions,
  outputs: readonly DetectOutput[],
): AsyncGenerator<DetectEvent, void, undefined> {
  const { every = 1, maxFrames = Infinity } = options;
  const stop = new AbortController();
  for (let at = 0; at < remaining.length && !stop.signal.aborted;) {
    const input = remaining[at]!;
    if (input.kind === 'video') {
      yield* detectVideo(input, detector, detectOptions, { every, maxFrames, regions, outputs, stop });
      at++;
      continue;
    }
    const end = remaining.findIndex(({ kind }, i) => i > at && kind === 'video');
    const images = remaining.slice(at, end === -1 ? undefined : end);
    yield* detectImages(images, detector, detectOptions, { pages, outputs });
    at += images.length;
  }
}
