import { stat } from 'node:fs/promises';
import { asDecantError, DecantError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import type { LazyImage } from '../image/open-image.ts';
import { countPages, readImage, readImageFile } from '../image/read-image.ts';
import { bytePath } from '../platform/byte-path.ts';
import { nearPathsHint } from '../platform/near-paths.ts';
import { readPipe } from '../platform/read-pipe.ts';
import { fetchImage } from '../image/fetch-image.ts';
import type { Input } from './input.ts';
import { mayHavePages } from './media-types.ts';
import type { PageChoice } from './pages.ts';
import { MAX_STREAM_BYTES, readStdin } from './read-stdin.ts';

/** Longer files are animations, which would take minutes without a word. */
const MAX_PAGES = 1000;

export interface InputImage extends LazyImage {
  readonly input: Input;
  /** From 1; only for multi-page files. */
  readonly page?: number;
  readonly last: boolean;
}

/** Errors are thrown by `read` of the image. */
export async function* imagesIn(input: Input, choice?: PageChoice): AsyncGenerator<InputImage, void, undefined> {
  const { problem } = input;
  if (problem !== undefined) {
    yield { input, last: true, read: () => Promise.reject(problem) };
    return;
  }
  if (!mayHavePages(input.ending)) {
    yield { input, last: true, read: async signal => readSingle(input, choice, await bytesOf(input, signal)) };
    return;
  }
  let bytes: Uint8Array;
  let pages: readonly number[];
  let count: number;
  try {
    bytes = await bytesOf(input);
    count = await countPages(bytes, nameOf(input));
    if (count > MAX_PAGES && choice === undefined) throw tooManyPages(input, count);
    pages = Array.from({ length: count }, (_, i) => i + 1).filter(page => choice?.has(page) ?? true);
    if (pages.length === 0) throw noPage(input, choice, count);
  } catch (thrown) {
    const error = asDecantError(thrown);
    yield { input, last: true, read: () => Promise.reject(withoutEnding(input, error) ?? error) };
    return;
  }
  for (const page of pages) {
    const name = count === 1 ? nameOf(input) : `${nameOf(input)} page ${page}`;
    const read = (): Promise<Image> => readImage(bytes, name, page);
    yield { input, ...(count > 1 && { page }), last: page === pages.at(-1), read };
  }
}

/**
 * Reads the header of an image, unless that takes a network or can be done only once.
 *
 * @throws DecantError what reading the image throws
 */
export async function checkImageInput(input: Input): Promise<void> {
  const { from, name, problem } = input;
  if (problem !== undefined) throw problem;
  if (from === 'file' && !(await isPipe(name))) await countPages(await bytesOf(input), name);
}

async function readSingle(input: Input, choice: PageChoice | undefined, bytes: Uint8Array): Promise<Image> {
  if (choice?.has(1) === false) throw noPage(input, choice, 1);
  return readImage(bytes, nameOf(input));
}

const nameOf = ({ from, name }: Input): string => (from === 'stdin' ? 'standard input' : name);

/** Videos are known by the ending of their name. */
function withoutEnding({ from, ending }: Input, cause: DecantError): DecantError | undefined {
  if (ending !== '' || from === 'url' || cause.code !== 'bad-image' || cause.remedy === undefined) return undefined;
  const hint = 'If it is a video, its name must end like one, such as .mkv: `mkfifo` gives a pipe a name.';
  return new DecantError(cause.code, cause.message, { remedy: `${cause.remedy} ${hint}`, cause });
}

const tooManyPages = (input: Input, count: number): DecantError =>
  new DecantError('limit', `${nameOf(input)} has ${count} pages, and each is a separate image`, {
    remedy: `Choose some with --page 1-${MAX_PAGES}, or all with --page 1-, or make a video of an animation.`,
  });

const noPage = (input: Input, choice: PageChoice | undefined, count: number): DecantError =>
  new DecantError('not-found', `${nameOf(input)} has no page ${choice?.text ?? '1'}: its number of pages is ${count}`);

async function bytesOf({ from, name }: Input, signal?: AbortSignal): Promise<Uint8Array> {
  if (from === 'url') return fetchImage(name, { signal });
  if (from === 'stdin') return readStdin();
  if (await isPipe(name)) return readPipe(name, MAX_STREAM_BYTES);
  return readImageFile(name, await bytePath(name)).catch((thrown: unknown) => {
    const hint = asDecantError(thrown).code === 'not-found' ? nearPathsHint(name).trim() : '';
    if (hint === '') throw thrown;
    throw new DecantError('not-found', `${name} does not exist`, { remedy: hint, cause: thrown });
  });
}

const isPipe = (path: string): Promise<boolean> =>
  stat(path).then(
    stats => stats.isFIFO(),
    () => false,
  );
