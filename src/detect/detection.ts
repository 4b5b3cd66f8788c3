import { DecantError } from '../errors.ts';
import type { Box } from '../image/geometry.ts';
import type { Keypoint } from './keypoint.ts';
import type { Mask } from './mask.ts';

/** One object found in a picture. */
export interface Detection {
  /** The class's name. */
  readonly label: string;
  /** The class as the model numbers it. */
  readonly classId: number;
  /** 0..1 */
  readonly score: number;
  readonly box: Box;
  /** Its pixels, of a network that tells them. */
  readonly mask?: Mask;
  /** Points of it in the network's order, of a network that tells them for its class. */
  readonly keypoints?: readonly Keypoint[];
}

/** What to keep of all that a network found; every detection by default. */
export interface Selection {
  /** The lowest score kept, 0..1. */
  readonly threshold?: number | undefined;
  /** The classes kept. */
  readonly classIds?: ReadonlySet<number> | undefined;
  /** How many of the best are kept. */
  readonly maxDetections?: number | undefined;
  /** How sure the network must be of a pixel, 0..1, for it to belong to a mask; 0.5 by default. */
  readonly maskThreshold?: number | undefined;
}

/**
 * The detections that `selection` keeps, best first; equal scores stay in their order.
 *
 * @throws DecantError `invalid-argument`
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

/** @throws DecantError `invalid-argument` for limits that cannot be */
export function checkSelection({ threshold = 0, maxDetections = Infinity, maskThreshold = 0 }: Selection): void {
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new DecantError('invalid-argument', `a score threshold lies between 0 and 1, not at ${threshold}`);
  }
  if (!(maxDetections >= 0)) {
    throw new DecantError('invalid-argument', `the number of detections cannot be ${maxDetections}`);
  }
  if (!(maskThreshold >= 0 && maskThreshold <= 1)) {
    throw new DecantError('invalid-argument', `a mask's threshold lies between 0 and 1, not at ${maskThreshold}`);
  }
}
