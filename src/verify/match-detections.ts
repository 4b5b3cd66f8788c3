import type { RawDetections } from '../detect/raw-detections.ts';
import { type Box, boxIou } from '../image/geometry.ts';
import { type Tolerances, TOLERANCES } from './tolerances.ts';

export type Pairs = readonly (readonly [expected: number, found: number])[];

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
  const p = boxAt(a, i);
  const q = boxAt(b, j);
  return boxIou(p, q) > overlap || EDGES.every(key => Object.is(p[key], q[key]) || Math.abs(p[key] - q[key]) < edge);
}

const EDGES = ['ymin', 'xmin', 'ymax', 'xmax'] as const;

const boxAt = ({ boxes }: RawDetections, i: number): Box => ({
  ymin: boxes[4 * i]!,
  xmin: boxes[4 * i + 1]!,
  ymax: boxes[4 * i + 2]!,
  xmax: boxes[4 * i + 3]!,
});
