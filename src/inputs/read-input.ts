import { asDecantError, DecantError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import type { LazyImage } from '../image/open-image.ts';
import { countPages, readImage, readImageFile } from '../image/read-image.ts';
import { fetchImage } from './fetch-image.ts';
import type { Input } from './input.ts';
import { mayHavePages } from './media-types.ts';
import type { PageChoice } from './pages.ts';
import { readStdin } from './read-stdin.ts';

/** A picture of an input. */
export interface InputImage extends LazyImage {
  readonly input: Input;
  /** From 1, of a file that has several. */
  readonly page?: number;
  /** Whether no other picture of the input follows. */
  readonly last: boolean;
}

/** The pictures of an input: one, or the chosen pages of a file that has several. What is wrong with it shows in `read`. */
export async function* imagesIn(input: Input, choice?: PageChoice): AsyncGenerator<InputImage, void, undefined> {
  if (!mayHavePages(input.ending)) {
    yield { input, last: true, read: async signal => only(input, choice, await bytesOf(input, signal)) };
    return;
  }
  let bytes: Uint8Array;
  let pages: readonly number[];
  let count: number;
  try {
    bytes = await bytesOf(input);
    count = await countPages(bytes, nameOf(input));
    pages = Array.from({ length: count }, (_, i) => i + 1).filter(page => choice?.has(page) ?? true);
    if (pages.length === 0) throw noPage(input, choice, count);
  } catch (thrown) {
    yield { input, last: true, read: () => Promise.reject(asDecantError(thrown)) };
    return;
  }
  for (const page of pages) {
    const name = count === 1 ? nameOf(input) : `${nameOf(input)} page ${page}`;
    const read = (): Promise<Image> => readImage(bytes, name, page);
    yield { input, ...(count > 1 && { page }), last: page === pages.at(-1), read };
  }
}

async function only(input: Input, choice: PageChoice | undefined, bytes: Uint8Array): Promise<Image> {
  if (choice?.has(1) === false) throw noPage(input, choice, 1);
  return readImage(bytes, nameOf(input));
}

/** What an error calls it. */
const nameOf = ({ from, name }: Input): string => (from === 'stdin' ? 'the standard input' : name);

const noPage = (input: Input, choice: PageChoice | undefined, count: number): DecantError =>
  new DecantError('not-found', `${nameOf(input)} has no page ${choice?.text ?? '1'}: it has ${count}`);

function bytesOf({ from, name }: Input, signal?: AbortSignal): Promise<Uint8Array> {
  if (from === 'url') return fetchImage(name, { signal });
  return from === 'stdin' ? readStdin() : readImageFile(name);
}
