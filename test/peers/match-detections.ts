/** What a detector found in one picture; boxes are ymin, xmin, ymax, xmax. */
export interface Found {
  readonly boxes: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly classes: ArrayLike<number>;
  readonly count: number;
}

const SCORE_TOLERANCE = 0.01;
const OVERLAP = 0.95;
/** Boxes of hardly any area overlap badly however near they are. */
const EDGE_TOLERANCE = 1e-3;

/** How many of the expected detections are among those that were found, one to one, whatever their order. */
export function matchDetections(expected: Found, found: Found): number {
  const free = new Set(Array.from({ length: found.count }, (_, i) => i));
  let matched = 0;
  for (let i = 0; i < expected.count; i++) {
    const nearest = [...free].filter(j => isSame(expected, i, found, j)).sort((a, b) => scoreGap(a) - scoreGap(b))[0];
    if (nearest === undefined) continue;
    free.delete(nearest);
    matched++;
    function scoreGap(j: number): number {
      return Math.abs(expected.scores[i]! - found.scores[j]!);
    }
  }
  return matched;
}

function isSame(a: Found, i: number, b: Found, j: number): boolean {
  if (a.classes[i] !== b.classes[j] || Math.abs(a.scores[i]! - b.scores[j]!) >= SCORE_TOLERANCE) return false;
  const [p, q] = [boxAt(a, i), boxAt(b, j)];
  return overlap(p, q) > OVERLAP || p.every((edge, k) => Math.abs(edge - q[k]!) < EDGE_TOLERANCE);
}

type Box = readonly [ymin: number, xmin: number, ymax: number, xmax: number];

const boxAt = ({ boxes }: Found, i: number): Box => [
  boxes[4 * i]!,
  boxes[4 * i + 1]!,
  boxes[4 * i + 2]!,
  boxes[4 * i + 3]!,
];

const area = ([ymin, xmin, ymax, xmax]: Box): number => Math.max(0, ymax - ymin) * Math.max(0, xmax - xmin);

/** Intersection over union. */
function overlap(a: Box, b: Box): number {
  const common = area([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);
  return common === 0 ? 0 : common / (area(a) + area(b) - common);
}
