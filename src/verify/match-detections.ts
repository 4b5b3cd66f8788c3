import type { RawDetections } from '../detect/raw-detections.ts';
import { type Tolerances, TOLERANCES } from './tolerances.ts';

/** Rows of the expected answer, each with its row of the one that was found. */
export type Pairs = readonly (readonly [expected: number, found: number])[];

/** The expected detections that are among those that were found, one to one, whatever their order. */
export function matchDetections(
  expected: RawDetections,
  found: RawDetections,
  tolerances: Tolerances = TOLERANCES,
): Pairs {
  const free = new Set(Array.from({ length: found.count }, (_, i) => i));
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < expected.count; i++) {
    const scoreGap = (j: number): number => Math.abs(expected.scores[i]! - found.scores[j]!);
    const same = [...free].filter(j => isSame(expected, i, found, j, tolerances));
    const [nearest] = same.sort((a, b) => scoreGap(a) - scoreGap(b));
    if (nearest === undefined) continue;
    free.delete(nearest);
    pairs.push([i, nearest]);
  }
  return pairs;
}

function isSame(
  a: RawDetections,
  i: number,
  b: RawDetections,
  j: number,
  { score, overlap, edge }: Tolerances,
): boolean {
  if (a.classes[i] !== b.classes[j] || !(Math.abs(a.scores[i]! - b.scores[j]!) < score)) return false;
  const [p, q] = [boxAt(a, i), boxAt(b, j)];
  return shared(p, q) > overlap || p.every((value, k) => Math.abs(value - q[k]!) < edge);
}

type Box = readonly [ymin: number, xmin: number, ymax: number, xmax: number];

const boxAt = ({ boxes }: RawDetections, i: number): Box => [
  boxes[4 * i]!,
  boxes[4 * i + 1]!,
  boxes[4 * i + 2]!,
  boxes[4 * i + 3]!,
];

const area = ([ymin, xmin, ymax, xmax]: Box): number => Math.max(0, ymax - ymin) * Math.max(0, xmax - xmin);

/** Intersection over union. */
function shared(a: Box, b: Box): number {
  const common = area([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);
  return common === 0 ? 0 : common / (area(a) + area(b) - common);
}
