import type { DetectOptions, Detector } from '../../api/detector.ts';
import type { Input } from '../../inputs/input.ts';
import type { PageChoice } from '../../inputs/pages.ts';
import { lookAtPictures } from './detect-images.ts';
import { lookAtVideo, type VideoOptions } from './detect-video.ts';
import type { PictureOutput } from './save-images.ts';
import type { Step } from './events.ts';

export interface LookOptions {
  readonly pages: PageChoice | undefined;
  /** What is written about each picture. */
  readonly outputs: readonly PictureOutput[];
  readonly video: VideoOptions;
}

/** Finds objects in all inputs, in order: pictures that follow each other side by side, videos one after the other. */
export async function* lookAtInputs(
  inputs: readonly Input[],
  detector: Detector,
  selection: DetectOptions,
  { pages, outputs, video }: LookOptions,
): AsyncGenerator<Step, void, undefined> {
  for (let at = 0; at < inputs.length && !video.stop.signal.aborted;) {
    const input = inputs[at]!;
    if (input.kind === 'video') {
      yield* lookAtVideo(input, detector, selection, video);
      at++;
      continue;
    }
    const end = inputs.findIndex(({ kind }, i) => i > at && kind === 'video');
    const pictures = inputs.slice(at, end === -1 ? undefined : end);
    yield* lookAtPictures(pictures, detector, selection, outputs, pages);
    at += pictures.length;
  }
}
