/** What counts as the same answer. */
export interface Tolerances {
  /** The scores of one detection differ by less. */
  readonly score: number;
  /** Its boxes share more of their common area ... */
  readonly overlap: number;
  /** ... or have all edges nearer than this, as a fraction of the picture: thin boxes overlap badly however near they are. */
  readonly edge: number;
  /** The share of all detections, expected or found, that must be matched. */
  readonly matched: number;
  /** Other numbers differ by at most this share of the range of the output that they belong to; integers not at all. */
  readonly difference: number;
}

export const TOLERANCES: Tolerances = { score: 0.01, overlap: 0.95, edge: 1e-3, matched: 1, difference: 1e-3 };
