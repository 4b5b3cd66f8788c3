import { atLeast, checkArgument, checkOptions, flag } from '../check.ts';
import { IMAGE } from './check-image.ts';
import type { Image } from './image.ts';
import { loadSharp } from './load-sharp.ts';
import { checkPixels } from './pixel-limit.ts';

/** Options of `resize`. */
export interface ResizeOptions {
  /**
   * `true`, the default: Pillow's `BILINEAR`, which averages over all source pixels when shrinking. `false`: OpenCV's
   * `INTER_LINEAR`, which samples only the nearest four; better for models that were trained with it.
   */
  readonly antialias?: boolean | undefined;
}

/**
 * Stretches an image to `width` x `height` pixels.
 *
 * @example
 * ```ts
 * import { readImage, resize } from 'decant';
 *
 * const small = await resize(await readImage('photo.jpg'), 320, 240);
 * console.log(small.width, small.height);
 * ```
 */
export async function resize(image: Image, width: number, height: number, options: ResizeOptions = {}): Promise<Image> {
  checkArgument(image, 'the image', IMAGE);
  checkArgument(width, 'the width', atLeast(1));
  checkArgument(height, 'the height', atLeast(1));
  checkPixels(image.name, width, height);
  checkOptions(options, { antialias: flag });
  const { antialias = true } = options;
  if (!antialias) return interpolate(image, width, height);
  const small = await shrink(image, Math.min(width, image.width), Math.min(height, image.height));
  // Enlarging with sharp shifts the image by half a pixel of the result, and boxes with it.
  return interpolate(small, width, height);
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

/** Weights are fixed-point numbers with this many bits: several times as fast as floating point. */
const BITS = 11;
const ONE = 1 << BITS;

/** Bits that rows keep after the point until they are stretched, too: a pixel is rounded once. 8 + 7 fit into 16. */
const KEPT = 7;
const DROPPED = BITS - KEPT;
const LAST = BITS + KEPT;
const HALF = 1 << (LAST - 1);

function interpolate(image: Image, width: number, height: number): Image {
  if (width === image.width && height === image.height) return image;
  const { first, second, weight } = samples(image.height, height);
  const columns = samples(image.width, width);
  const length = image.width * 3;
  const row = new Uint16Array(length);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const above = image.data.subarray(first[y]! * length, (first[y]! + 1) * length);
    const below = image.data.subarray(second[y]! * length, (second[y]! + 1) * length);
    mix(above, below, weight[y]!, row);
    stretch(row, columns, data.subarray(y * width * 3, (y + 1) * width * 3));
  }
  return { ...image, width, height, data };
}

function mix(above: Uint8Array, below: Uint8Array, weight: number, row: Uint16Array): void {
  const rest = ONE - weight;
  for (let i = 0; i < row.length; i++) row[i] = (above[i]! * rest + below[i]! * weight) >> DROPPED;
}

function stretch(row: Uint16Array, { first, second, weight }: Samples, to: Uint8Array): void {
  for (let x = 0, at = 0; at < to.length; x++) {
    const left = first[x]! * 3;
    const right = second[x]! * 3;
    const share = weight[x]!;
    const rest = ONE - share;
    to[at++] = (row[left]! * rest + row[right]! * share + HALF) >> LAST;
    to[at++] = (row[left + 1]! * rest + row[right + 1]! * share + HALF) >> LAST;
    to[at++] = (row[left + 2]! * rest + row[right + 2]! * share + HALF) >> LAST;
  }
}

/** For each pixel of a resized line, the source pixels whose centers surround its own; `weight` of `second`, 0..`ONE`. */
interface Samples {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Int32Array;
}

function samples(from: number, to: number): Samples {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const weight = new Int32Array(to);
  for (let i = 0; i < to; i++) {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    first[i] = Math.floor(position);
    second[i] = Math.min(first[i]! + 1, from - 1);
    weight[i] = Math.round((position - first[i]!) * ONE);
  }
  return { first, second, weight };
}
