import type { Size } from '../image/image.ts';
import { countsOf } from '../detect/run-length.ts';
import { type Pixels, pixelsOfPolygon } from './polygon.ts';
import type { EncodedMask, Segmentation } from './segmentation.ts';

export function pixelsOf(segmentation: Segmentation, size: Size): Pixels {
  if ('counts' in segmentation) return pixelsOfMask(segmentation);
  return unite(segmentation.map(polygon => pixelsOfPolygon(polygon, size)));
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

function unite(parts: readonly Pixels[]): Pixels {
  if (parts.length === 1) return parts[0]!;
  const runs = parts.flatMap(part =>
    Array.from({ length: part.length / 2 }, (_, i) => ({ start: part[2 * i]!, end: part[2 * i + 1]! })),
  );
  runs.sort((a, b) => a.start - b.start);
  const united: number[] = [];
  for (const { start, end } of runs) {
    const last = united.length - 1;
    if (last > 0 && start <= united[last]!) united[last] = Math.max(united[last]!, end);
    else united.push(start, end);
  }
  return united;
}

const countPixels = (pixels: Pixels): number =>
  pixels.reduce((sum, position, i) => (i % 2 === 0 ? sum - position : sum + position), 0);

export function pixelOverlap(detection: Pixels, object: Pixels, crowd: boolean): number {
  const intersection = countShared(detection, object);
  if (intersection === 0) return 0;
  const area = countPixels(detection);
  return intersection / (crowd ? area : area + countPixels(object) - intersection);
}

function countShared(a: Pixels, b: Pixels): number {
  let shared = 0;
  for (let i = 0, k = 0; i < a.length && k < b.length;) {
    shared += Math.max(0, Math.min(a[i + 1]!, b[k + 1]!) - Math.max(a[i]!, b[k]!));
    if (a[i + 1]! < b[k + 1]!) i += 2;
    else k += 2;
  }
  return shared;
}
