import type { DetectAllOptions, DetectionOutcome, Detector } from '../../api/detector.ts';
import { asDecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import type { PageChoice } from '../../inputs/pages.ts';
import { type InputImage, imagesIn } from '../../inputs/read-input.ts';
import { mapAhead } from '../../pipeline/map-ahead.ts';
import type { ImageOutput } from './save-images.ts';
import type { DetectEvent } from './events.ts';

/** Pictures that are drawn and written at once: one is encoded on another thread while the next one is drawn. */
const WRITING = 2;

/** Finds objects in all pictures of `inputs` and writes files about them, in order and side by side. */
export async function* detectImages(
  inputs: readonly Input[],
  detector: Detector,
  options: DetectAllOptions,
  outputs: readonly ImageOutput[],
  choice: PageChoice | undefined,
): AsyncGenerator<DetectEvent, void, undefined> {
  async function* pictures(): AsyncGenerator<InputImage, void, undefined> {
    for (const input of inputs) yield* imagesIn(input, choice);
  }
  const write = async ({ input: picture, result, error }: DetectionOutcome<InputImage>): Promise<DetectEvent> => {
    const { input, page, last } = picture;
    if (result === undefined) return { input, last, saved: [], error };
    const saved: string[] = [];
    try {
      for (const output of outputs) saved.push(...(await output(picture, result)));
    } catch (thrown) {
      return { input, last, saved, error: asDecantError(thrown) };
    }
    return { input, last, saved, record: { file: input.name, page, ...result }, shown: true };
  };
  yield* mapAhead(detector.detectAll(pictures(), options), write, { concurrency: WRITING });
}
