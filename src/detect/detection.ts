import { DecantError } from '../errors.ts';
import type { Box } from '../image/geometry.ts';
import type { Keypoint } from './keypoint.ts';
import type { Mask } from './mask.ts';

/**
 * An object detected in an image: `score` is 0..1, `classId` in the model's numbering; mask and keypoints are set if the
 * model predicts them.
 */
export interface Detection {
  readonly label: string;
  readonly classId: number;
  readonly score: number;
  readonly box: Box;
  readonly mask?: Mask;
  readonly keypoints?: readonly Keypoint[];
  /** Number of the object in a video, from 1, the same in all frames; set by `Tracker`. */
  readonly trackId?: number;
}

/** Filters detections, and keeps the best `maxDetections`; without options, keeps all. Thresholds are 0..1. */
export interface Selection {
  readonly threshold?: number | undefined;
  readonly classIds?: ReadonlySet<number> | undefined;
  readonly maxDetections?: number | undefined;
  /** Minimum probability of a mask's pixels; 0.5 by default. */
  readonly maskThreshold?: number | undefined;
}

/** The threshold where none is given: for the command line and the library. */
export const DEFAULT_THRESHOLD = 0.5;

/** Returns the selected detections, best first; equal scores keep their order. */
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
