import type { Image } from '../image/image.ts';
import { loadSharp } from '../image/load-sharp.ts';

/** Pixels: enough for an enlarged image, in about 80 kB. */
const LONGER_EDGE = 1000;
const QUALITY = 74;

export async function thumbnail({ width, height, data }: Image): Promise<string> {
  const sharp = await loadSharp();
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize({ width: LONGER_EDGE, height: LONGER_EDGE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY, mozjpeg: false })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}
