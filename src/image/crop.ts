import { type Box, nearestPixels, type Rect } from './geometry.ts';
import type { Image } from './image.ts';

export function crop(image: Image, { x, y, width, height }: Rect): Image {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * image.width + x) * 3;
    data.set(image.data.subarray(start, start + width * 3), row * width * 3);
  }
  return { ...image, width, height, data };
}

export const cropBox = (image: Image, box: Box): Image => crop(image, nearestPixels(box, image));
