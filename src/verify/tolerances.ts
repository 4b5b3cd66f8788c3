/**
 * Limits within which results match. Two detections match if their scores differ by less than `score`, and their IoU is greater
 * than `overlap` or all edges differ by less than `edge` (as a fraction of the image), because thin boxes have a low IoU at any
 * distance. `matched` is the minimum fraction of matched detections. Other numbers may differ by `difference` (as a fraction of
 * the range of their output); integers must be equal.
 */
export interface Tolerances {
  readonly score: number;
  readonly overlap: number;
  readonly edge: number;
  readonly matched: number;
  readonly difference: number;
}

export const TOLERANCES: Tolerances = { score: 0.01, overlap: 0.95, edge: 1e-3, matched: 1, difference: 1e-3 };
