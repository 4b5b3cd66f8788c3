import { DecantError } from '../errors.ts';
import { isBmp } from '../image/bmp-header.ts';
import type { Image } from '../image/image.ts';
import { isSvg } from '../image/is-svg.ts';
import { decodeImage } from '../image/read-image.ts';
import { imageThread } from './thread/image-thread.ts';

/** First byte of files that gzip compressed. */
const GZIP = 0x1f;

/** Decodes an image that a client sent, outside of this thread. Drawings are refused: each would need a process. */
export async function decodeSentImage(bytes: Uint8Array, name: string, maxPixels: number): Promise<Image> {
  if (isBmp(bytes)) {
    const copy = new Uint8Array(bytes);
    return imageThread.run('decodeBmp', { bytes: copy, name, maxPixels }, { moved: [copy.buffer] });
  }
  if (!isSvg(bytes)) return decodeImage(bytes, name, 1, maxPixels);
  const found = bytes[0] === GZIP ? 'an archive, or another file in gzip' : 'an SVG or other XML';
  throw new DecantError('bad-image', `${name} is ${found}, not an image that this server decodes`, {
    remedy: 'Send a JPEG or PNG.',
  });
}
