import type { Image } from './image.ts';
import { loadSharp } from './load-sharp.ts';

/**
 * The picture stretched to `width` x `height` by the antialiased bilinear filter of Python's imaging library: a triangle as
 * wide as the step between two pixels of the result.
 */
export async function resize(image: Image, width: number, height: number): Promise<Image> {
  return enlarge(await shrink(image, Math.min(width, image.width), Math.min(height, image.height)), width, height);
}

async function shrink(image: Image, width: number, height: number): Promise<Image> {
  if (width === image.width && height === image.height) return image;
  const sharp = await loadSharp();
  const data = await sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
    limitInputPixels: false,
  })
    .resize(width, height, { kernel: 'linear', fit: 'fill' })
    .raw()
    .toBuffer();
  return { ...image, width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** Where sharp enlarges, everything moves by half a pixel of the result; boxes would move with it, so this is done here. */
function enlarge(image: Image, width: number, height: number): Image {
  if (width === image.width && height === image.height) return image;
  const columns = neighbours(image.width, width);
  const rows = neighbours(image.height, height);
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (const row of rows) {
    const above = row.first * image.width * 3;
    const below = row.second * image.width * 3;
    for (const column of columns) {
      for (let channel = 0; channel < 3; channel++) {
        const left = column.first * 3 + channel;
        const right = column.second * 3 + channel;
        const top = mix(image.data[above + left]!, image.data[above + right]!, column.weight);
        const bottom = mix(image.data[below + left]!, image.data[below + right]!, column.weight);
        data[at++] = Math.round(mix(top, bottom, row.weight));
      }
    }
  }
  return { ...image, width, height, data };
}

const mix = (a: number, b: number, weight: number): number => a + (b - a) * weight;

interface Neighbours {
  readonly first: number;
  readonly second: number;
  /** The second one's share. */
  readonly weight: number;
}

/** For each of `to` pixels the two of `from` pixels between whose centres its own centre lies. */
function neighbours(from: number, to: number): readonly Neighbours[] {
  return Array.from({ length: to }, (_, i) => {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const first = Math.floor(position);
    return { first, second: Math.min(first + 1, from - 1), weight: position - first };
  });
}
