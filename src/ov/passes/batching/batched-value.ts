import type { Value } from '../../graph.ts';

/**
 * Lanes are values that equal computations give, one for each class of a detector: `lane i` of all of them at once is
 * what this module's siblings compute.
 */
export type BatchedValue = Unbatched | Batched | Ragged | NmsRows;

/** The same in every lane. */
export interface Unbatched {
  readonly kind: 'uniform';
  readonly value: Value;
}

/** Lane i is `value[i]`. */
export interface Batched {
  readonly kind: 'stacked';
  readonly value: Value;
}

/** Lanes of different lengths, one behind the other along the first axis. */
export interface Ragged {
  readonly kind: 'ragged';
  readonly rows: Value;
  /** How many rows each lane has: i32 [n]. */
  readonly counts: Value;
}

/** What a suppression selects in all lanes, in rows of which only the last column is that of the lane. */
export interface NmsRows {
  readonly kind: 'selected';
  readonly rows: Value;
  readonly counts: Value;
}

export const unbatched = (value: Value): Unbatched => ({ kind: 'uniform', value });
export const batched = (value: Value): Batched => ({ kind: 'stacked', value });
