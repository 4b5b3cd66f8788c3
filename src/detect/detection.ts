import { DecantError } from '../errors.ts';
import type { Size } from './image.ts';

/** Edges in pixels of the original picture, with fractions, inside it: 0 <= xmin < xmax <= width, likewise for y. */
export interface Box {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

/** One object found in a picture. */
export interface Detection {
  /** The class's name. */
  readonly label: string;
  /** The class as the model numbers it. */
  readonly classId: number;
  /** 0..1 */
  readonly score: number;
  readonly box: Box;
}

/** The part of `box` inside the picture; undefined where nothing of it is, or where an edge is not a number. */
export function clipBox(box: Box, { width, height }: Size): Box | undefined {
  const xmin = Math.max(box.xmin, 0);
  const ymin = Math.max(box.ymin, 0);
  const xmax = Math.min(box.xmax, width);
  const ymax = Math.min(box.ymax, height);
  return xmin < xmax && ymin < ymax ? { xmin, ymin, xmax, ymax } : undefined;
}

/** Which detections to keep; all of them by default. */
export interface Selection {
  /** The lowest score kept, 0..1. */
  readonly threshold?: number | undefined;
  /** The classes kept. */
  readonly classIds?: ReadonlySet<number> | undefined;
  /** How many of the best are kept. */
  readonly maxDetections?: number | undefined;
}

/**
 * The detections that `selection` keeps, best first; equal scores stay in their order.
 *
 * @throws DecantError `invalid-argument`
 */
export function select(
  detections: readonly Detection[],
  { threshold = 0, classIds, maxDetections = Infinity }: Selection,
): readonly Detection[] {
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new DecantError('invalid-argument', `a score threshold lies between 0 and 1, not at ${threshold}`);
  }
  if (!(maxDetections >= 0)) {
    throw new DecantError('invalid-argument', `the number of detections cannot be ${maxDetections}`);
  }
  return detections
    .filter(({ score, classId }) => score >= threshold && (classIds?.has(classId) ?? true))
    .sort((a, b) => b.score - a.score)
    .slice(0, maxDetections);
}
