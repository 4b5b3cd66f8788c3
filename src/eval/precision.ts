import type { ImageMatch, Verdict } from './match-image.ts';
import { OVERLAPS, RECALLS } from './thresholds.ts';

/** How good the detections of one class are, over all pictures; for each overlap of `OVERLAPS`. */
export interface Precision {
  /** The greatest precision at each recall of `RECALLS` or a higher one, 0 where no such recall is reached. */
  readonly curves: readonly (readonly number[])[];
  /** The share of the objects that were found. */
  readonly recalls: readonly number[];
}

/**
 * Precision over recall, of the `most` best detections of each picture; undefined where there is no object to be found.
 *
 * @param matches picture by picture; their order decides between equal scores
 */
export function precisionOf(matches: readonly ImageMatch[], most: number): Precision | undefined {
  const targets = matches.reduce((sum, match) => sum + match.targets, 0);
  if (targets === 0) return undefined;
  const scores = matches.flatMap(match => match.scores.slice(0, most));
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const perOverlap = OVERLAPS.map((_, t) => {
    const verdicts = matches.flatMap(match => match.verdicts[t]!.slice(0, most));
    return curveOf(
      order.map(i => verdicts[i]!),
      targets,
    );
  });
  return { curves: perOverlap.map(({ curve }) => curve), recalls: perOverlap.map(({ recall }) => recall) };
}

function curveOf(verdicts: readonly Verdict[], targets: number): { readonly curve: readonly number[]; recall: number } {
  let [right, wrong] = [0, 0];
  const points = verdicts.map(verdict => {
    if (verdict === 'right') right++;
    if (verdict === 'wrong') wrong++;
    // The smallest step keeps 0 of 0 at 0, and no other number changes by it.
    return { recall: right / targets, precision: right / (right + wrong + Number.EPSILON) };
  });
  const best = points.map(({ precision }) => precision);
  for (let i = best.length - 1; i > 0; i--) best[i - 1] = Math.max(best[i - 1]!, best[i]!);
  let at = 0;
  const curve = RECALLS.map(recall => {
    while (at < points.length && points[at]!.recall < recall) at++;
    return best[at] ?? 0;
  });
  return { curve, recall: right / targets };
}
