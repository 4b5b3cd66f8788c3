import type { BoxLengths } from './coco-dataset.ts';

/**
 * How much of two boxes they share: the intersection over the union. With a crowd it is the share of the detection that
 * lies in the crowd, because a crowd is never found as one.
 */
export function boxOverlap(found: BoxLengths, object: BoxLengths, crowd: boolean): number {
  const width = Math.min(found[0] + found[2], object[0] + object[2]) - Math.max(found[0], object[0]);
  const height = Math.min(found[1] + found[3], object[1] + object[3]) - Math.max(found[1], object[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const area = found[2] * found[3];
  return shared / (crowd ? area : area + object[2] * object[3] - shared);
}
