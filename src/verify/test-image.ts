import type { Image } from '../image/image.ts';
import { random } from '../tensor/random.ts';

const DISCS = 40;

/** An image with edges, curves, gradients and many colors. */
export function testImage(height: number, width: number): Image {
  const next = random(height * width);
  const data = new Uint8Array(height * width * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[at++] = (255 * x) / width;
      data[at++] = (255 * y) / height;
      data[at++] = 128 + 127 * Math.sin((x + y) / 16);
    }
  }
  for (let disc = 0; disc < DISCS; disc++) {
    const cx = next() * width;
    const cy = next() * height;
    const radius = (0.02 + next() / 8) * (width + height);
    const color = [next() * 256, next() * 256, next() * 256] as const;
    for (let y = Math.max(0, Math.ceil(cy - radius)); y < Math.min(height, cy + radius); y++) {
      const reach = Math.sqrt(radius ** 2 - (y - cy) ** 2);
      for (let x = Math.max(0, Math.ceil(cx - reach)); x < Math.min(width, cx + reach); x++) {
        for (const [channel, value] of color.entries()) {
          const at = 3 * (y * width + x) + channel;
          data[at] = (value * 3 + data[at]!) / 4;
        }
      }
    }
  }
  return { width, height, data, name: `${height}x${width}` };
}
