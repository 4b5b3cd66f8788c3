import { OVERLAPS } from './thresholds.ts';

/** An object of one class in one picture. */
export interface Target {
  readonly area: number;
  readonly crowd: boolean;
  /** Its id is 0, which COCO's evaluation takes for none: a detection that finds it counts as a wrong one. */
  readonly zeroId: boolean;
}

/** The detections of that class there, best first, and what they share with each object: a row of numbers a detection. */
export interface Candidates {
  readonly scores: readonly number[];
  readonly areas: readonly number[];
  readonly overlaps: readonly (readonly number[])[];
}

/** What became of the detections of one class in one picture, for objects of one range of areas. */
export interface ImageMatch {
  readonly scores: readonly number[];
  /** For each overlap of `OVERLAPS`, for each detection. */
  readonly verdicts: readonly (readonly Verdict[])[];
  /** How many objects were there to be found. */
  readonly targets: number;
}

/** `ignored` counts neither way: it found a crowd or an object of another size, or has itself another size and found nothing. */
export type Verdict = 'right' | 'wrong' | 'ignored';

/** Overlaps that are equal to 1 but for rounding reach every threshold. */
const ALMOST_ONE = 1 - 1e-10;

/**
 * Matches detections with objects as COCO's evaluation does: from the best score on, each takes the free object that it
 * overlaps most, and of equal ones the last. Objects outside the range, and crowds, are taken where no other is; a crowd
 * is never used up.
 */
export function matchImage(
  targets: readonly Target[],
  { scores, areas, overlaps }: Candidates,
  [least, most]: readonly [least: number, most: number],
): ImageMatch {
  const outside = (area: number): boolean => area < least || area > most;
  const ignored = targets.map(({ area, crowd }) => crowd || outside(area));
  const order = [...targets.keys()].sort((a, b) => Number(ignored[a]) - Number(ignored[b]));
  const verdicts = OVERLAPS.map(threshold => {
    const taken = new Set<number>();
    return overlaps.map((row, detection): Verdict => {
      let best: number | undefined;
      let reached = Math.min(threshold, ALMOST_ONE);
      for (const i of order) {
        if (taken.has(i) && !targets[i]!.crowd) continue;
        if (best !== undefined && ignored[i] === true && ignored[best] === false) break;
        if (row[i]! < reached) continue;
        [best, reached] = [i, row[i]!];
      }
      if (best !== undefined) taken.add(best);
      if (best !== undefined && ignored[best] === true) return 'ignored';
      if (best !== undefined && !targets[best]!.zeroId) return 'right';
      return outside(areas[detection]!) ? 'ignored' : 'wrong';
    });
  });
  return { scores, verdicts, targets: ignored.filter(yes => !yes).length };
}
