import type { Size } from '../image/image.ts';
import { countsOf } from '../detect/run-length.ts';
import { type Pixels, pixelsOfPolygon } from './polygon.ts';
import type { EncodedMask, Segmentation } from './segmentation.ts';

/** The pixels of a segmentation in a picture of `size`; those of several polygons together. */
export function pixelsOf(segmentation: Segmentation, size: Size): Pixels {
  if ('counts' in segmentation) return pixelsOfMask(segmentation);
  return together(segmentation.map(polygon => pixelsOfPolygon(polygon, size)));
}

function pixelsOfMask({ counts }: EncodedMask): Pixels {
  const runs: number[] = [];
  let at = 0;
  (typeof counts === 'string' ? countsOf(counts) : counts).forEach((count, i) => {
    if (i % 2 === 1 && count > 0) runs.push(at, at + count);
    at += count;
  });
  return runs;
}

function together(parts: readonly Pixels[]): Pixels {
  if (parts.length === 1) return parts[0]!;
  const runs = parts.flatMap(part =>
    Array.from({ length: part.length / 2 }, (_, i) => ({ start: part[2 * i]!, end: part[2 * i + 1]! })),
  );
  runs.sort((a, b) => a.start - b.start);
  const joined: number[] = [];
  for (const { start, end } of runs) {
    const last = joined.length - 1;
    if (last > 0 && start <= joined[last]!) joined[last] = Math.max(joined[last]!, end);
    else joined.push(start, end);
  }
  return joined;
}

export const countPixels = (pixels: Pixels): number =>
  pixels.reduce((sum, place, i) => (i % 2 === 0 ? sum - place : sum + place), 0);

/**
 * How much of two objects' pixels both have: the intersection over the union; with a crowd the share of the detection's,
 * because a crowd is never found as one.
 */
export function pixelOverlap(found: Pixels, object: Pixels, crowd: boolean): number {
  const shared = sharedBy(found, object);
  if (shared === 0) return 0;
  const area = countPixels(found);
  return shared / (crowd ? area : area + countPixels(object) - shared);
}

function sharedBy(a: Pixels, b: Pixels): number {
  let shared = 0;
  for (let i = 0, k = 0; i < a.length && k < b.length;) {
    shared += Math.max(0, Math.min(a[i + 1]!, b[k + 1]!) - Math.max(a[i]!, b[k]!));
    if (a[i + 1]! < b[k + 1]!) i += 2;
    else k += 2;
  }
  return shared;
}
