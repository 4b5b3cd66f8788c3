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

export const suppressed = (raw: RawDetections, nms: Nms): RawDetections => pick(raw, suppress(raw, nms));

const boxAt = (boxes: ArrayLike<number>, i: number): Box => ({
  ymin: boxes[4 * i]!,
  xmin: boxes[4 * i + 1]!,
  ymax: boxes[4 * i + 2]!,
  xmax: boxes[4 * i + 3]!,
});
