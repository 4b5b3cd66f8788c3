import { DecantError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import { isSvg } from '../image/is-svg.ts';
import { decodeImage } from '../image/read-image.ts';

/** Decodes an image that a client sent, outside of this thread. Drawings are refused: each would need a process. */
export async function decodeSentImage(bytes: Uint8Array, name: string, maxPixels: number): Promise<Image> {
  if (!isSvg(bytes)) return decodeImage(bytes, name, 1, maxPixels);
  throw new DecantError('bad-image', `${name} is an SVG or other text, which this server does not draw`, {
    remedy: 'Send a JPEG or PNG.',
  });
}
