import { IOU_THRESHOLDS } from './thresholds.ts';

/** Areas of objects in square pixels, bounds included. */
export type AreaRange = readonly [min: number, max: number];

/** An annotated object of one class in one image; the area is in square pixels. */
export interface Target {
  readonly area: number;
  readonly crowd: boolean;
  /** Whether its id is 0: COCO's evaluation counts its matches as false positives. */
  readonly zeroId: boolean;
}

/** The D detections of that class in that image, best first; areas are in square pixels. */
export interface Candidates {
  readonly scores: readonly number[];
  readonly areas: readonly number[];
  /** `[D, targets]`: IoU of each detection and target. */
  readonly overlaps: readonly (readonly number[])[];
}

/** Matches of one class in one image, for one range of areas; `targets` counts the objects that are not ignored. */
export interface ImageMatch {
  readonly scores: readonly number[];
  /** `[IOU_THRESHOLDS, D]`. */
  readonly verdicts: readonly (readonly Verdict[])[];
  readonly targets: number;
}

/** Detections of crowds or of objects outside the range are ignored, and so are unmatched ones outside the range. */
export type Verdict = 'true-positive' | 'false-positive' | 'ignored';

/** An IoU of 1 with rounding errors reaches every threshold. */
const ALMOST_ONE = 1 - 1e-10;

/**
 * Matches detections and objects like COCO's evaluation: by descending score, each takes the unmatched object with the largest
 * IoU, the last one of equals. Crowds and objects outside the range match only if no other does; a crowd matches repeatedly.
 */
export function matchImage(
  targets: readonly Target[],
  { scores, areas, overlaps }: Candidates,
  [min, max]: AreaRange,
): ImageMatch {
  const outside = (area: number): boolean => area < min || area > max;
  const ignored = targets.map(({ area, crowd }) => crowd || outside(area));
  const order = [...targets.keys()].sort((a, b) => Number(ignored[a]) - Number(ignored[b]));
  const verdicts = IOU_THRESHOLDS.map(threshold => {
    const matched = new Set<number>();
    return overlaps.map((row, detection): Verdict => {
      let best: number | undefined;
      let reached = Math.min(threshold, ALMOST_ONE);
      for (const i of order) {
        if (matched.has(i) && !targets[i]!.crowd) continue;
        if (best !== undefined && ignored[i] === true && ignored[best] === false) break;
        if (row[i]! < reached) continue;
        best = i;
        reached = row[i]!;
      }
      if (best !== undefined) matched.add(best);
      if (best !== undefined && ignored[best] === true) return 'ignored';
      if (best !== undefined && !targets[best]!.zeroId) return 'true-positive';
      return outside(areas[detection]!) ? 'ignored' : 'false-positive';
    });
  });
  return { scores, verdicts, targets: ignored.filter(isIgnored => !isIgnored).length };
}
