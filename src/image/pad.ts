import type { Rect } from './geometry.ts';
import type { Image } from './image.ts';

/** Places an image at `x`, `y` of a larger one, of `width` x `height` pixels, whose other values are `value`. */
export function pad(image: Image, { x, y, width, height }: Rect, value: number): Image {
  const data = new Uint8Array(width * height * 3).fill(value);
  for (let row = 0; row < image.height; row++) {
    const line = image.data.subarray(row * image.width * 3, (row + 1) * image.width * 3);
    data.set(line, ((y + row) * width + x) * 3);
  }
  return { ...image, width, height, data };
}
