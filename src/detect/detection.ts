import { DecantError } from '../errors.ts';
import type { Box } from '../image/geometry.ts';
import type { Keypoint } from './keypoint.ts';
import type { Mask } from './mask.ts';

/** An object detected in an image. */
export interface Detection {
  /** Class name. */
  readonly label: string;
  /** Class id in the model's numbering. */
  readonly classId: number;
  /** 0..1 */
  readonly score: number;
  readonly box: Box;
  /** Instance mask, if the model predicts one. */
  readonly mask?: Mask;
  /** Keypoints in the model's order, if it predicts them for the class. */
  readonly keypoints?: readonly Keypoint[];
}

/** Filters detections; without options all of them are kept. */
export interface Selection {
  /** Minimum score, 0..1. */
  readonly threshold?: number | undefined;
  /** Classes to keep. */
  readonly classIds?: ReadonlySet<number> | undefined;
  /** Maximum number of detections; the best ones are kept. */
  readonly maxDetections?: number | undefined;
  /** Minimum probability of a pixel of a mask, 0..1; 0.5 by default. */
  readonly maskThreshold?: number | undefined;
}

/**
 * Returns the selected detections, best first; equal scores keep their order.
 *
 * @throws DecantError `invalid-argument` as `checkSelection` does
 */
export function select<T extends Pick<Detection, 'classId' | 'score'>>(
  detections: readonly T[],
  selection: Selection,
): readonly T[] {
  checkSelection(selection);
  const { threshold = 0, classIds, maxDetections = Infinity } = selection;
  return detections
    .filter(({ score, classId }) => score >= threshold && (classIds?.has(classId) ?? true))
    .sort((a, b) => b.score - a.score)
    .slice(0, maxDetections);
}

/** @throws DecantError `invalid-argument` if a threshold or the number of detections is out of range */
export function checkSelection({ threshold = 0, maxDetections = Infinity, maskThreshold = 0 }: Selection): void {
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new DecantError('invalid-argument', `a score threshold must be between 0 and 1, got ${threshold}`);
  }
  if (!(maxDetections >= 0)) {
    throw new DecantError(
      'invalid-argument',
      `the maximum number of detections must be 0 or more, got ${maxDetections}`,
    );
  }
  if (!(maskThreshold >= 0 && maskThreshold <= 1)) {
    throw new DecantError('invalid-argument', `a mask threshold must be between 0 and 1, got ${maskThreshold}`);
  }
}
