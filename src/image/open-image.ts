import type { Image } from './image.ts';
import { readImage } from './read-image.ts';

/** A picture that is read when its turn comes, so that many of them take no memory. */
export interface LazyImage {
  /** The pixels, when they are needed. What it throws is the outcome of the picture. */
  read(signal?: AbortSignal): Promise<Image>;
}

/** A path, a `file:` URL, the bytes of a picture file, a picture that was read, or one that will be. */
export type ImageInput = string | URL | Uint8Array | Image | LazyImage;

/** The pixels. @throws DecantError those of `readImage`, and whatever a lazy picture throws */
export async function openImage(picture: ImageInput, signal?: AbortSignal): Promise<Image> {
  if (typeof picture === 'string' || picture instanceof URL || picture instanceof Uint8Array) return readImage(picture);
  return 'read' in picture ? picture.read(signal) : picture;
}
