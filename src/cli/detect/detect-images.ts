import type { DetectionOutcome } from '../../api/detection-result.ts';
import type { Detector } from '../../api/detector.ts';
import type { DetectAllOptions } from '../../api/detector-options.ts';
import { asDecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import type { PageChoice } from '../../inputs/pages.ts';
import { type InputImage, imagesIn } from '../../inputs/read-input.ts';
import { mapAhead } from '../../pipeline/map-ahead.ts';
import type { DetectOutput } from './detect-output.ts';
import type { DetectEvent } from './events.ts';

/** Images saved at once: one is encoded on another thread while the next one is drawn. */
const SAVING = 2;

export interface DetectImagesOptions {
  readonly pages: PageChoice | undefined;
  readonly outputs: readonly DetectOutput[];
}

/** Events are in the order of the images. */
export async function* detectImages(
  inputs: readonly Input[],
  detector: Detector,
  detectOptions: DetectAllOptions,
  { pages, outputs }: DetectImagesOptions,
): AsyncGenerator<DetectEvent, void, undefined> {
  async function* images(): AsyncGenerator<InputImage, void, undefined> {
    for (const input of inputs) yield* imagesIn(input, pages);
  }
  const save = async ({ input: image, result, error }: DetectionOutcome<InputImage>): Promise<DetectEvent> => {
    const { input, page, last } = image;
    const saved: string[] = [];
    if (result === undefined) return { type: 'error', input, last, saved, error };
    try {
      for (const output of outputs) saved.push(...((await output.save?.(image, result)) ?? []));
    } catch (thrown) {
      return { type: 'error', input, last, saved, error: asDecantError(thrown) };
    }
    return { type: 'result', input, last, saved, record: { file: input.name, page, ...result } };
  };
  yield* mapAhead(detector.detectAll(images(), detectOptions), save, { concurrency: SAVING });
}
