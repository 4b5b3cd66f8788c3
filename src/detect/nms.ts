import { type Box, boxIou } from '../image/geometry.ts';
import { pick, type RawDetections } from './raw-detections.ts';

/** A greedy non-maximum suppression: of boxes that overlap, only the one with the best score stays. */
export interface Nms {
  /** Overlap (IoU) that a box must exceed to be suppressed, 0..1. */
  readonly iouThreshold: number;
  /** Lowest score of candidates, 0..1. */
  readonly scoreThreshold: number;
  /** Whether boxes of different classes never suppress each other. */
  readonly perClass: boolean;
  /** Only so many of the best candidates are compared; by default, all. */
  readonly maxCandidates?: number | undefined;
  readonly maxDetections: number;
  /** The only classes that are kept; by default, all. */
  readonly classIds?: ReadonlySet<number> | undefined;
  /** Gaussian soft-NMS: overlaps lower scores, instead of suppressing boxes. */
  readonly sigma?: number | undefined;
}

/** Returns the indices of the boxes that remain, best first. Candidates with equal scores keep their order. */
export function suppress({ boxes, scores, classes, count }: RawDetections, nms: Nms): readonly number[] {
  const { iouThreshold, scoreThreshold, perClass, maxCandidates = Infinity, maxDetections, classIds } = nms;
  const candidates = Array.from({ length: count }, (_, i) => i)
    .filter(i => scores[i]! >= scoreThreshold && (classIds?.has(classes[i]!) ?? true))
    .sort((a, b) => scores[b]! - scores[a]!)
    .slice(0, maxCandidates);
  const keptOf = new Map<number, Box[]>();
  const kept: number[] = [];
  for (const index of candidates) {
    if (kept.length >= maxDetections) break;
    const group = perClass ? classes[index]! : 0;
    const others = keptOf.get(group) ?? [];
    const box = boxAt(boxes, index);
    if (others.some(other => boxIou(box, other) > iouThreshold)) continue;
    others.push(box);
    keptOf.set(group, others);
    kept.push(index);
  }
  return kept;
}

export function suppressed(raw: RawDetections, nms: Nms): RawDetections {
  if (nms.sigma === undefined) return pick(raw, suppress(raw, nms));
  const kept = softSuppress(raw, { ...nms, sigma: nms.sigma });
  return {
    ...pick(
      raw,
      kept.map(({ index }) => index),
    ),
    scores: kept.map(({ score }) => score),
  };
}

interface Candidate {
  readonly index: number;
  readonly box: Box;
  score: number;
}

/** A score is lowered by exp(-IoU^2 / (2 sigma)) for each better box of its group. */
function softSuppress(
  { boxes, scores, classes, count }: RawDetections,
  {
    scoreThreshold,
    perClass,
    maxCandidates = Infinity,
    maxDetections,
    sigma,
    classIds,
  }: Nms & { readonly sigma: number },
): readonly Candidate[] {
  const all = Array.from({ length: count }, (_, index) => ({ index, box: boxAt(boxes, index), score: scores[index]! }));
  let waiting: Candidate[] = all
    .filter(({ index, score }) => score > scoreThreshold && (classIds?.has(classes[index]!) ?? true))
    .sort((a, b) => b.score - a.score)
    .slice(0, maxCandidates);
  const kept: Candidate[] = [];
  while (waiting.length > 0 && kept.length < maxDetections) {
    const best = waiting.reduce((a, b) => (b.score > a.score ? b : a));
    kept.push(best);
    for (const other of waiting) {
      if (other === best || (perClass && classes[other.index] !== classes[best.index])) continue;
      other.score *= Math.exp(-(boxIou(other.box, best.box) ** 2) / (2 * sigma));
    }
    waiting = waiting.filter(other => other !== best && other.score > scoreThreshold);
  }
  return kept;
}

const boxAt = (boxes: ArrayLike<number>, i: number): Box => ({
  ymin: boxes[4 * i]!,
  xmin: boxes[4 * i + 1]!,
  ymax: boxes[4 * i + 2]!,
  xmax: boxes[4 * i + 3]!,
});
