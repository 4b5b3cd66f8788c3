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

/** Half a step of the result, for rounding, and the bits that go. */
const HALF = 1 << (2 * BITS - 1);

/** Pixels between the nearest four of the picture. */
function interpolate(image: Image, width: number, height: number): Image {
  if (width === image.width && height === image.height) return image;
  const length = width * 3;
  const columns = steps(image.width, width);
  const rows = steps(image.height, height);
  const data = new Uint8Array(length * height);
  // The two rows of the picture that the result's row lies between, at the result's width.
  let [above, below] = [new Int32Array(length), new Int32Array(length)];
  let [aboveRow, belowRow] = [-1, -1];
  for (let y = 0; y < height; y++) {
    const first = rows.first[y]!;
    const second = rows.second[y]!;
    if (aboveRow !== first) {
      [above, below] = [below, above];
      [aboveRow, belowRow] = [belowRow, aboveRow];
      if (aboveRow !== first) stretch(image, (aboveRow = first), columns, above);
    }
    if (belowRow !== second) stretch(image, (belowRow = second), columns, below);
    mix(above, below, rows.weight[y]!, data.subarray(y * length, (y + 1) * length));
  }
  return { ...image, width, height, data };
}

function mix(above: Int32Array, below: Int32Array, weight: number, row: Uint8Array): void {
  const rest = ONE - weight;
  for (let i = 0; i < row.length; i++) row[i] = (above[i]! * rest + below[i]! * weight + HALF) >> (2 * BITS);
}

/** A row of the picture at the width of `columns`, times `ONE`. */
function stretch({ width, data }: Image, row: number, { first, second, weight }: Steps, to: Int32Array): void {
  const start = row * width * 3;
  for (let x = 0, at = 0; x < weight.length; x++) {
    const left = start + first[x]! * 3;
    const right = start + second[x]! * 3;
    const share = weight[x]!;
    const rest = ONE - share;
    to[at++] = data[left]! * rest + data[right]! * share;
    to[at++] = data[left + 1]! * rest + data[right + 1]! * share;
    to[at++] = data[left + 2]! * rest + data[right + 2]! * share;
  }
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
