import type { Image } from './image.ts';
import { loadSharp } from './load-sharp.ts';

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

/** Pixels between the nearest four of the picture. */
function interpolate(image: Image, width: number, height: number): Image {
  if (width === image.width && height === image.height) return image;
  const length = width * 3;
  const columns = steps(image.width, width);
  const rows = steps(image.height, height);
  const data = new Uint8Array(length * height);
  // The two rows of the picture that the result's row lies between, at the result's width.
  let [above, below] = [new Float64Array(length), new Float64Array(length)];
  let [aboveRow, belowRow] = [-1, -1];
  for (let y = 0, at = 0; y < height; y++) {
    const first = rows.first[y]!;
    const second = rows.second[y]!;
    const weight = rows.weight[y]!;
    if (aboveRow !== first) {
      [above, below] = [below, above];
      [aboveRow, belowRow] = [belowRow, aboveRow];
      if (aboveRow !== first) stretch(image, (aboveRow = first), columns, above);
    }
    if (belowRow !== second) stretch(image, (belowRow = second), columns, below);
    for (let i = 0; i < length; i++) {
      const value = above[i]!;
      // Bytes cut fractions off, so that half a step more rounds.
      data[at++] = value + (below[i]! - value) * weight + 0.5;
    }
  }
  return { ...image, width, height, data };
}

/** A row of the picture at the width of `columns`. */
function stretch({ width, data }: Image, row: number, { first, second, weight }: Steps, to: Float64Array): void {
  const start = row * width * 3;
  for (let x = 0, at = 0; x < weight.length; x++) {
    const left = start + first[x]! * 3;
    const right = start + second[x]! * 3;
    const share = weight[x]!;
    for (let channel = 0; channel < 3; channel++) {
      const value = data[left + channel]!;
      to[at++] = value + (data[right + channel]! - value) * share;
    }
  }
}

/** For each pixel of a line the two of the original line between whose centres its own centre lies. */
interface Steps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** The second one's share. */
  readonly weight: Float64Array;
}

function steps(from: number, to: number): Steps {
  const [first, second, weight] = [new Int32Array(to), new Int32Array(to), new Float64Array(to)];
  for (let i = 0; i < to; i++) {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    first[i] = Math.floor(position);
    second[i] = Math.min(first[i]! + 1, from - 1);
    weight[i] = position - first[i]!;
  }
  return { first, second, weight };
}
