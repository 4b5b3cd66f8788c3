import { DecantError } from '../errors.ts';

/** More than any camera takes; 0.8 GB once decoded. Guards against decompression bombs. */
export const MAX_PIXELS = 2 ** 28;

export function checkPixels(name: string, width: number, height: number): void {
  if (width * height <= MAX_PIXELS) return;
  throw new DecantError('limit', `${name} has ${width}x${height} pixels, the maximum is ${MAX_PIXELS}`, {
    remedy: 'Scale it down.',
  });
}
