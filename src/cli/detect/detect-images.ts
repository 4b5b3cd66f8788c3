import type { DetectAllOptions, DetectionOutcome, Detector } from '../../api/detector.ts';
import { asDecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import type { PageChoice } from '../../inputs/pages.ts';
import { type InputPicture, picturesIn } from '../../inputs/read-input.ts';
import { mapAhead } from '../../pipeline/map-ahead.ts';
import type { PictureOutput } from './save-images.ts';
import type { Step } from './events.ts';

/** Pictures that are drawn and written at once: one is encoded on another thread while the next one is drawn. */
const WRITING = 2;

/** Finds objects in all pictures of `inputs` and writes files about them, in order and side by side. */
export async function* lookAtPictures(
  inputs: readonly Input[],
  detector: Detector,
  options: DetectAllOptions,
  outputs: readonly PictureOutput[],
  choice: PageChoice | undefined,
): AsyncGenerator<Step, void, undefined> {
  async function* pictures(): AsyncGenerator<InputPicture, void, undefined> {
    for (const input of inputs) yield* picturesIn(input, choice);
  }
  const write = async ({ picture, result, error }: DetectionOutcome<InputPicture>): Promise<Step> => {
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
