import type { Value } from '../../graph.ts';

/** The values of several copies of a computation, as one value with a batch axis. */
export type BatchedValue = Unbatched | Batched | Ragged | NmsRows;

export interface Unbatched {
  readonly kind: 'unbatched';
  readonly value: Value;
}

/** Copy i is `value[i]`. */
export interface Batched {
  readonly kind: 'batched';
  readonly value: Value;
}

/** Copies of different lengths, concatenated along the first axis. `counts` are the lengths: i32 [n]. */
export interface Ragged {
  readonly kind: 'ragged';
  readonly rows: Value;
  readonly counts: Value;
}

/** The rows that the NMS of all copies selects. The first two columns (batch, class) are not those of the copies. */
export interface NmsRows {
  readonly kind: 'nms-rows';
  readonly rows: Value;
  readonly counts: Value;
}

export const unbatched = (value: Value): Unbatched => ({ kind: 'unbatched', value });
export const batched = (value: Value): Batched => ({ kind: 'batched', value });
