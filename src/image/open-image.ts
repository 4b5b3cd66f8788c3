import { abortSignal, checkArgument, nameOf, optional } from '../check.ts';
import { DecantError } from '../errors.ts';
import { type Bytes, isBytes, readBytes } from '../source/bytes.ts';
import { IMAGE } from './check-image.ts';
import { fetchImage } from './fetch-image.ts';
import type { Image } from './image.ts';
import { readImage } from './read-image.ts';
import { type ByteStream, isStream, readStream } from './read-stream.ts';

/** An image that is read when needed, to keep many of them out of memory. */
export interface LazyImage {
  /** Reads the pixels. An error becomes the outcome of this image. */
  read(signal?: AbortSignal): Promise<Image>;
}

/**
 * A path; an `http:`, `https:` or `file:` URL, as text or as `URL`; the bytes of an image file, in memory, as a `Blob` or
 * `File`, or as a stream of Node or the web; a decoded image; or one to be read later.
 */
export type ImageInput = string | URL | Bytes | ByteStream | Image | LazyImage;

const WEB = /^https?:\/\//i;

/** @throws DecantError `invalid-argument` for anything that is not an image */
export async function openImage(input: ImageInput, signal?: AbortSignal): Promise<Image> {
  checkArgument(signal, "the option 'signal'", optional(abortSignal));
  const address = input instanceof URL ? input.href : input;
  if (typeof address === 'string') return openAddress(address, signal);
  if (isBytes(address)) return readImage(await readBytes(address, nameOfBytes(address)), nameOfBytes(address));
  if (isLazy(address)) return address.read(signal);
  if (isStream(address)) return readImage(await readStream(address, signal), 'the image');
  if (!isObject(address)) throw notAnImage(address);
  checkArgument(address, 'the image', IMAGE, ACCEPTED);
  return address;
}

async function openAddress(address: string, signal: AbortSignal | undefined): Promise<Image> {
  if (WEB.test(address)) return readImage(await fetchImage(address, { signal }), address);
  if (/^file:/i.test(address) && URL.canParse(address)) return readImage(new URL(address));
  return readImage(address);
}

const nameOfBytes = (bytes: Bytes): string => (bytes instanceof File ? bytes.name : 'the image');

const isObject = (value: unknown): value is Image => typeof value === 'object' && value !== null;

const isLazy = (value: object): value is LazyImage =>
  isObject(value) && 'read' in value && typeof value.read === 'function' && !isStream(value);

const ACCEPTED =
  'Pass a path, URL, the bytes of an image file, a Blob, a stream, or an Image: { width, height, data }.';

const notAnImage = (value: unknown): DecantError =>
  new DecantError('invalid-argument', `${nameOf(value)} is not an image`, { remedy: ACCEPTED });
