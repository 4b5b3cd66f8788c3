import { DecantError } from '../errors.ts';

/** More than any camera takes; 0.8 GB once decoded. Guards against decompression bombs. */
export const MAX_PIXELS = 2 ** 28;

/** Longer than any scan. Decoders hold several rows at a time, and a PNG of 45 bytes may claim rows of 134 MB. */
export const MAX_SIDE = 2 ** 20;

/** @throws DecantError `limit` if an image is too large */
export function checkPixels(name: string, width: number, height: number, maxPixels = MAX_PIXELS): void {
  const isTooLong = Math.max(width, height) > MAX_SIDE;
  if (width * height <= maxPixels && !isTooLong) return;
  const maximum = isTooLong ? `of a side is ${MAX_SIDE}` : `is ${maxPixels}`;
  throw new DecantError('limit', `${name} has ${width}x${height} pixels, the maximum ${maximum}`, {
    remedy: 'Scale it down.',
  });
}
