import type { Image } from './image.ts';
import { readImage } from './read-image.ts';

/** An image that is read when needed, to keep many of them out of memory. */
export interface LazyImage {
  /** Reads the pixels. An error becomes the outcome of this image. */
  read(signal?: AbortSignal): Promise<Image>;
}

/** A path, a `file:` URL, the bytes of an image file, a decoded image, or one to be read later. */
export type ImageInput = string | URL | Uint8Array | Image | LazyImage;

export async function openImage(input: ImageInput, signal?: AbortSignal): Promise<Image> {
  if (typeof input === 'string' || input instanceof URL || input instanceof Uint8Array) return readImage(input);
  return 'read' in input ? input.read(signal) : input;
}
