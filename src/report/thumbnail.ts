import type { Image } from '../image/image.ts';
import { loadSharp } from '../image/load-sharp.ts';

/** Pixels: enough for a column of the page on a high-density screen, in about 50 kB. */
const LONGER_EDGE = 720;
const QUALITY = 76;

export async function thumbnail({ width, height, data }: Image): Promise<string> {
  const sharp = await loadSharp();
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize({ width: LONGER_EDGE, height: LONGER_EDGE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY, mozjpeg: false })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}
