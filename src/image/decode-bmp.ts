import { type BmpHeader, corruptBmp, type Masks, readBmpHeader, rowBytes } from './bmp-header.ts';
import type { Image } from './image.ts';

/**
 * Decodes a bitmap of Windows or OS/2: with 1 to 32 bits per pixel, palette, color masks or run lengths. Pixels with alpha
 * are blended over white, unless all of them are transparent: such files leave alpha unset.
 */
export function decodeBmp(bytes: Uint8Array, name: string, maxPixels?: number): Image {
  const header = readBmpHeader(bytes, name, maxPixels);
  const { width, height, coding, bits } = header;
  const data = new Uint8Array(width * height * 3);
  if (coding !== 'plain') paint(header, expandRuns(header, name), data);
  else if (bits <= 8) paint(header, unpackIndices(header), data);
  else if (bits === 24) copyRows(header, data);
  else paintMasked(header, data);
  return { width, height, data, name };
}

/** Returns the row of the file that holds row `y` of the image. */
const storedRow = ({ height, isTopDown }: BmpHeader, y: number): number => (isTopDown ? y : height - 1 - y);

/** Writes the colors of palette indices, which are in the order of the file. */
function paint(header: BmpHeader, indices: Uint8Array, data: Uint8Array): void {
  const { width, height, palette } = header;
  for (let y = 0, at = 0; y < height; y++) {
    const row = storedRow(header, y) * width;
    for (let x = 0; x < width; x++, at += 3) {
      const color = indices[row + x]! * 4;
      data[at] = palette![color + 2]!;
      data[at + 1] = palette![color + 1]!;
      data[at + 2] = palette![color]!;
    }
  }
}

function unpackIndices({ width, height, bits, pixels }: BmpHeader): Uint8Array {
  const indices = new Uint8Array(width * height);
  const stride = rowBytes(width, bits);
  const mask = 2 ** bits - 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      indices[at++] = (pixels[y * stride + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return indices;
}

/** Expands runs; pixels that are skipped have index 0. */
function expandRuns({ width, height, coding, pixels }: BmpHeader, name: string): Uint8Array {
  const indices = new Uint8Array(width * height);
  const perByte = coding === 'rle4' ? 2 : 1;
  let x = 0;
  let y = 0;
  let at = 0;
  const put = (index: number): void => {
    if (x < width && y < height) indices[y * width + x] = index;
    x++;
  };
  const indexAt = (byte: number, i: number): number => {
    if (perByte === 1) return byte;
    return i % 2 === 0 ? byte >> 4 : byte & 15;
  };
  while (at + 1 < pixels.length) {
    const count = pixels[at++]!;
    const value = pixels[at++]!;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(indexAt(value, i));
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      x += pixels[at++] ?? 0;
      y += pixels[at++] ?? 0;
    } else {
      for (let i = 0; i < value; i++) put(indexAt(pixels[at + Math.floor(i / perByte)] ?? 0, i));
      // Literal pixels are padded to 2 bytes.
      at += 2 * Math.ceil(value / perByte / 2);
    }
  }
  if (y < height - 1 || (y === height - 1 && x < width)) throw corruptBmp(name, 'the pixels end early');
  return indices;
}

function copyRows(header: BmpHeader, data: Uint8Array): void {
  const { width, height, pixels } = header;
  for (let y = 0, at = 0; y < height; y++) {
    let from = storedRow(header, y) * rowBytes(width, 24);
    for (let x = 0; x < width; x++, at += 3, from += 3) {
      data[at] = pixels[from + 2]!;
      data[at + 1] = pixels[from + 1]!;
      data[at + 2] = pixels[from]!;
    }
  }
}

const MASKS_16: Masks = [0x7c00, 0x03e0, 0x001f, 0];
const MASKS_32: Masks = [0xff0000, 0xff00, 0xff, 0];

function paintMasked(header: BmpHeader, data: Uint8Array): void {
  const { width, height, bits, pixels } = header;
  const masks = header.masks ?? (bits === 16 ? MASKS_16 : MASKS_32);
  const [red, green, blue, alpha] = masks.map(scaleOf) as [Scale, Scale, Scale, Scale];
  const alphas = masks[3] === 0 ? undefined : new Uint8Array(width * height);
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  for (let y = 0, i = 0; y < height; y++) {
    let from = storedRow(header, y) * rowBytes(width, bits);
    for (let x = 0; x < width; x++, i++, from += bits >> 3) {
      const pixel = bits === 16 ? view.getUint16(from, true) : view.getUint32(from, true);
      data[i * 3] = red(pixel);
      data[i * 3 + 1] = green(pixel);
      data[i * 3 + 2] = blue(pixel);
      if (alphas !== undefined) alphas[i] = alpha(pixel);
    }
  }
  if (alphas?.some(value => value !== 0) === true) blendOverWhite(data, alphas);
}

/** Returns the bits of a mask as a number from 0 to 255. */
type Scale = (pixel: number) => number;

function scaleOf(mask: number): Scale {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  const max = mask >>> shift;
  return max === 0 ? () => 0 : pixel => Math.floor((((pixel & mask) >>> shift) * 255) / max);
}

function blendOverWhite(data: Uint8Array, alphas: Uint8Array): void {
  for (let i = 0; i < data.length; i++) {
    const alpha = alphas[Math.floor(i / 3)]!;
    data[i] = Math.round((data[i]! * alpha + 255 * (255 - alpha)) / 255);
  }
}
