import type { DetectOptions, Detector } from '../../api/detector.ts';
import type { Input } from '../../inputs/input.ts';
import type { PageChoice } from '../../inputs/pages.ts';
import { detectImages } from './detect-images.ts';
import { detectVideo, type VideoOptions } from './detect-video.ts';
import type { ImageOutput } from './save-images.ts';
import type { DetectEvent } from './events.ts';

export interface DetectInputsOptions {
  readonly pages: PageChoice | undefined;
  /** What is written about each picture. */
  readonly outputs: readonly ImageOutput[];
  readonly video: VideoOptions;
}

/** Finds objects in all inputs, in order: pictures that follow each other side by side, videos one after the other. */
export async function* detectInputs(
  inputs: readonly Input[],
  detector: Detector,
  selection: DetectOptions,
  { pages, outputs, video }: DetectInputsOptions,
): AsyncGenerator<DetectEvent, void, undefined> {
  for (let at = 0; at < inputs.length && !video.stop.signal.aborted;) {
    const input = inputs[at]!;
    if (input.kind === 'video') {
      yield* detectVideo(input, detector, selection, video);
      at++;
      continue;
    }
    const end = inputs.findIndex(({ kind }, i) => i > at && kind === 'video');
    const pictures = inputs.slice(at, end === -1 ? undefined : end);
    yield* detectImages(pictures, detector, selection, outputs, pages);
    at += pictures.length;
  }
}
