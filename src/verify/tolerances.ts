/** Limits within which results match. */
export interface Tolerances {
  /** Maximum difference of the scores of a detection (exclusive). */
  readonly score: number;
  /** Minimum IoU of its boxes (exclusive) ... */
  readonly overlap: number;
  /** ... or maximum distance of all edges as a fraction of the image, because thin boxes have a low IoU at any distance. */
  readonly edge: number;
  /** Minimum fraction of matched detections. */
  readonly matched: number;
  /** Maximum difference of other numbers, as a fraction of the range of their output; integers must be equal. */
  readonly difference: number;
}

export const TOLERANCES: Tolerances = { score: 0.01, overlap: 0.95, edge: 1e-3, matched: 1, difference: 1e-3 };
