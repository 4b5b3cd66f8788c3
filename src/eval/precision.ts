import type { ImageMatch, Verdict } from './match-image.ts';
import { IOU_THRESHOLDS, RECALLS } from './thresholds.ts';

export interface Precision {
  /** `[IOU_THRESHOLDS, RECALLS]`: maximum precision at this recall or a higher one, 0 if it is not reached. */
  readonly curves: readonly (readonly number[])[];
  /** `[IOU_THRESHOLDS]`: fraction of the objects that were detected. */
  readonly recalls: readonly number[];
}

/**
 * Computes precision over recall for the best `maxDetections` of each image. Returns undefined if there are no objects.
 *
 * @param matches one per image; their order decides between equal scores
 */
export function precisionOf(matches: readonly ImageMatch[], maxDetections: number): Precision | undefined {
  const targets = matches.reduce((sum, match) => sum + match.targets, 0);
  if (targets === 0) return undefined;
  const scores = matches.flatMap(match => match.scores.slice(0, maxDetections));
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const perThreshold = IOU_THRESHOLDS.map((_, t) => {
    const verdicts = matches.flatMap(match => match.verdicts[t]!.slice(0, maxDetections));
    return curveOf(
      order.map(i => verdicts[i]!),
      targets,
    );
  });
  return { curves: perThreshold.map(({ curve }) => curve), recalls: perThreshold.map(({ recall }) => recall) };
}

function curveOf(verdicts: readonly Verdict[], targets: number): { readonly curve: readonly number[]; recall: number } {
  let truePositives = 0;
  let falsePositives = 0;
  const points = verdicts.map(verdict => {
    if (verdict === 'true-positive') truePositives++;
    if (verdict === 'false-positive') falsePositives++;
    // Like pycocotools, avoids 0 / 0; other values do not change.
    const precision = truePositives / (truePositives + falsePositives + Number.EPSILON);
    return { recall: truePositives / targets, precision };
  });
  const best = points.map(({ precision }) => precision);
  for (let i = best.length - 1; i > 0; i--) best[i - 1] = Math.max(best[i - 1]!, best[i]!);
  let at = 0;
  const curve = RECALLS.map(recall => {
    while (at < points.length && points[at]!.recall < recall) at++;
    return best[at] ?? 0;
  });
  return { curve, recall: truePositives / targets };
}
