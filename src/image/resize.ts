import type { Image } from './image.ts';
import { loadSharp } from './load-sharp.ts';

/** How a picture gets another size. */
export interface ResizeOptions {
  /**
   * Whether pixels of the result are means over all that they cover, as by default: the bilinear filter of Python's imaging
   * library, a triangle as wide as the step between two of them. Otherwise they lie between the nearest four, as in
   * OpenCV's `INTER_LINEAR`, which networks have seen in training that were fed by it.
   */
  readonly antialias?: boolean | undefined;
}

/** The picture stretched to `width` x `height`. */
export async function resize(
  image: Image,
  width: number,
  height: number,
  { antialias = true }: ResizeOptions = {},
): Promise<Image> {
  if (!antialias) return interpolate(image, width, height);
  const small = await shrink(image, Math.min(width, image.width), Math.min(height, image.height));
  // Where sharp enlarges, everything moves by half a pixel of the result, and boxes would move with it.
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

/** Shares of pixels are whole numbers of this many bits: integers are several times as fast as fractions. */
const BITS = 11;
const ONE = 1 << BITS;

/** Half a step of the result, for rounding. */
const HALF = ONE >> 1;

/** Pixels between the nearest four of the picture: along columns first, then along rows. */
function interpolate(image: Image, width: number, height: number): Image {
  return stretchRows(stretchColumns(image, height), width);
}

/** The picture at another height. */
function stretchColumns(image: Image, height: number): Image {
  if (height === image.height) return image;
  const { first, second, weight } = steps(image.height, height);
  const length = image.width * 3;
  const data = new Uint8Array(length * height);
  for (let y = 0; y < height; y++) {
    const above = image.data.subarray(first[y]! * length, (first[y]! + 1) * length);
    const below = image.data.subarray(second[y]! * length, (second[y]! + 1) * length);
    mix(above, below, weight[y]!, data.subarray(y * length, (y + 1) * length));
  }
  return { ...image, height, data };
}

function mix(above: Uint8Array, below: Uint8Array, weight: number, row: Uint8Array): void {
  const rest = ONE - weight;
  for (let i = 0; i < row.length; i++) row[i] = (above[i]! * rest + below[i]! * weight + HALF) >> BITS;
}
/** The picture at another width. */
function stretchRows(image: Image, width: number): Image {
  if (width === image.width) return image;
  const { first, second, weight } = steps(image.width, width);
  const { data: from } = image;
  const data = new Uint8Array(width * image.height * 3);
  for (let y = 0, at = 0; y < image.height; y++) {
    const start = y * image.width * 3;
    for (let x = 0; x < width; x++) {
      const left = start + first[x]! * 3;
      const right = start + second[x]! * 3;
      const share = weight[x]!;
      const rest = ONE - share;
      data[at++] = (from[left]! * rest + from[right]! * share + HALF) >> BITS;
      data[at++] = (from[left + 1]! * rest + from[right + 1]! * share + HALF) >> BITS;
      data[at++] = (from[left + 2]! * rest + from[right + 2]! * share + HALF) >> BITS;
    }
  }
  return { ...image, width, data };
}

/** For each pixel of a line the two of the original line between whose centres its own centre lies. */
interface Steps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** The second one's share, of `ONE`. */
  readonly weight: Int32Array;
}

function steps(from: number, to: number): Steps {
  const [first, second, weight] = [new Int32Array(to), new Int32Array(to), new Int32Array(to)];
  for (let i = 0; i < to; i++) {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    first[i] = Math.floor(position);
    second[i] = Math.min(first[i]! + 1, from - 1);
    weight[i] = Math.round((position - first[i]!) * ONE);
  }
  return { first, second, weight };
}
