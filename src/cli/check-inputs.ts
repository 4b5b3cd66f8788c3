import { asDecantError, DecantError } from '../errors.ts';
import { countPages, readImageFile } from '../image/read-image.ts';
import type { Input } from '../inputs/input.ts';
import { checkImageInput } from '../inputs/read-input.ts';
import { probeVideo } from '../video/probe-video.ts';
import { inputOptions, isLive } from '../video/video-source.ts';

/**
 * Refuses inputs none of which can be read, before slow work. Looks at them only up to the first readable one: others among
 * them fail when their turn comes.
 *
 * @throws DecantError that of the only input; else that of the first, with the number of them
 */
export async function checkInputs(inputs: readonly Input[]): Promise<void> {
  const problems: DecantError[] = [];
  for (const input of inputs) {
    try {
      await checkInput(input);
      return;
    } catch (thrown) {
      problems.push(asDecantError(thrown));
    }
  }
  const [first, ...others] = problems;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const { code, remedy } = first;
  throw new DecantError(code, `none of the ${problems.length} inputs can be read: ${first.describe()}`, {
    ...(remedy !== undefined && { remedy }),
    cause: first,
  });
}

async function checkInput(input: Input): Promise<void> {
  const { kind, from, name } = input;
  if (kind === 'image') await checkImageInput(input);
  else if (from === 'camera') inputOptions(name);
  else if (from === 'file' && !isLive(name)) await probeVideo(name);
}

/** Refuses a file that is not an image, before slow work. URLs are not looked at. */
export async function checkImageFile(path: string): Promise<void> {
  if (!/^(?:https?|file):/i.test(path)) await countPages(await readImageFile(path), path);
}
