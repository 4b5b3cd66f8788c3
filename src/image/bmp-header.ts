import { DecantError } from '../errors.ts';
import { checkPixels } from './pixel-limit.ts';

export const CONVERT = 'Convert it to JPEG or PNG.';

/** What to do about a damaged file. */
export const COPY_AGAIN = 'Copy or download it again.';

const FILE_HEADER = 14;
const INFO_HEADER = 40;

/** Sizes of the header that differ in the order of their fields (12), or hold color masks (52 and more). */
const CORE_HEADER = 12;
const MASKED_HEADER = 52;
const ALPHA_HEADER = 56;
const LARGEST_HEADER = 124;

export type Coding = 'plain' | 'rle4' | 'rle8';

/** Masks of a pixel's red, green, blue and alpha bits; 0 for no alpha. */
export type Masks = readonly [red: number, green: number, blue: number, alpha: number];

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly coding: Coding;
  readonly masks: Masks | undefined;
  /** Blue, green, red and an unused byte for each color; undefined for direct color. */
  readonly palette: Uint8Array | undefined;
  readonly pixels: Uint8Array;
}

export function isBmp(bytes: Uint8Array): boolean {
  if (bytes.length < FILE_HEADER + 4 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return false;
  const size = viewOf(bytes).getUint32(FILE_HEADER, true);
  return size >= CORE_HEADER && size <= LARGEST_HEADER;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads the header of a Windows or OS/2 bitmap, and checks its sizes against the file before anything is allocated. */
export function readBmpHeader(bytes: Uint8Array, name: string, maxPixels?: number): BmpHeader {
  const view = viewOf(bytes);
  const size = view.getUint32(FILE_HEADER, true);
  const isCore = size === CORE_HEADER;
  if (bytes.length < FILE_HEADER + Math.max(size, isCore ? 0 : 16)) throw corruptBmp(name, 'the header is incomplete');
  // OS/2 may end the header after any field; those left out are 0.
  const u32 = (at: number): number => (at + 4 <= size ? view.getUint32(FILE_HEADER + at, true) : 0);
  const width = isCore ? view.getUint16(FILE_HEADER + 4, true) : u32(4) | 0;
  const signedHeight = isCore ? view.getUint16(FILE_HEADER + 6, true) : u32(8) | 0;
  const height = Math.abs(signedHeight);
  if (width <= 0 || height === 0) throw corruptBmp(name, `it has ${width}x${signedHeight} pixels`);
  checkPixels(name, width, height, maxPixels);
  const bits = view.getUint16(FILE_HEADER + (isCore ? 10 : 14), true);
  const compression = isCore ? 0 : u32(16);
  const coding = codingOf(compression, bits, size, name);
  let end = FILE_HEADER + size;
  let masks: Masks | undefined;
  if (coding === 'plain' && compression !== 0) {
    const count = compression === 6 || size >= ALPHA_HEADER ? 4 : 3;
    if (size < MASKED_HEADER) end = FILE_HEADER + INFO_HEADER + 4 * count;
    if (bytes.length < end) throw corruptBmp(name, 'the header is incomplete');
    const mask = (i: number): number => (i < count ? view.getUint32(FILE_HEADER + INFO_HEADER + 4 * i, true) : 0);
    masks = [mask(0), mask(1), mask(2), mask(3)];
  }
  const palette = bits <= 8 ? readPalette(bytes, end, isCore ? 3 : 4, 2 ** bits, u32(32)) : undefined;
  const paletteEnd = end + (palette === undefined ? 0 : (isCore ? 3 : 4) * Math.min(u32(32) || 2 ** bits, 2 ** bits));
  const offset = view.getUint32(10, true);
  const pixels = bytes.subarray(offset >= end ? offset : paletteEnd);
  checkLength({ width, height, bits, coding, pixels }, name);
  return { width, height, isTopDown: signedHeight < 0, bits, coding, masks, palette, pixels };
}

function codingOf(compression: number, bits: number, size: number, name: string): Coding {
  // OS/2 uses the same numbers for other codings.
  const isOs2 = size === 64;
  if (compression === 0 && [1, 2, 4, 8, 16, 24, 32].includes(bits)) return 'plain';
  if (compression === 1 && bits === 8) return 'rle8';
  if (compression === 2 && bits === 4) return 'rle4';
  if ((compression === 3 || compression === 6) && !isOs2 && (bits === 16 || bits === 32)) return 'plain';
  throw new DecantError('bad-image', `${name} is a BMP with ${bits} bits per pixel and compression ${compression}`, {
    remedy: CONVERT,
  });
}

/** Colors that the file does not define are black. */
function readPalette(bytes: Uint8Array, start: number, step: number, count: number, used: number): Uint8Array {
  const palette = new Uint8Array(4 * count);
  const defined = Math.min(used === 0 ? count : used, count);
  for (let i = 0; i < defined; i++) palette.set(bytes.subarray(start + step * i, start + step * i + 3), 4 * i);
  return palette;
}

/** Pixels of a run are at most 255 for two bytes; small images may end early. */
const RUN = 255;
const SMALL = 2 ** 16;

function checkLength(
  { width, height, bits, coding, pixels }: Pick<BmpHeader, 'width' | 'height' | 'bits' | 'coding' | 'pixels'>,
  name: string,
): void {
  const isEnough =
    coding === 'plain'
      ? pixels.length >= rowBytes(width, bits) * (height - 1) + Math.ceil((width * bits) / 8)
      : width * height <= SMALL + pixels.length * RUN;
  if (!isEnough) throw corruptBmp(name, `${pixels.length} bytes are too few for ${width}x${height} pixels`);
}

/** Rows are padded to 4 bytes. */
export const rowBytes = (width: number, bits: number): number => Math.ceil((width * bits) / 32) * 4;

export const corruptBmp = (name: string, reason: string): DecantError =>
  new DecantError('bad-image', `${name} is corrupt or truncated: ${reason}`, { remedy: COPY_AGAIN });
