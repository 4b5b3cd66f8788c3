import sharp from 'sharp';
import { PHOTO } from './models.ts';

const [width, height] = [640, 580];

/** The photo in 640 x 580 pixels, moved to the right by some of them. */
export async function movedPhoto(by: number): Promise<Buffer> {
  const wide = sharp(PHOTO).resize(width, height, { fit: 'fill' }).extend({ left: by, background: 'gray' });
  return sharp(await wide.png().toBuffer())
    .extract({ left: 0, top: 0, width, height })
    .jpeg()
    .toBuffer();
}
