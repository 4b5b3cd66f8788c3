import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';

/**
 * Bodies of loops and branches that are translated for one model: turn by turn, or again with what was learnt. What nests
 * multiplies; real models come to a few hundred.
 */
const MOST_BODIES = 10_000;

const counts = new WeakMap<Builder, number>();

/** Counts a body of a loop or branch. @throws DecantError `limit` when there are too many */
export function countBody(b: Builder): void {
  const count = (counts.get(b) ?? 0) + 1;
  if (count > MOST_BODIES) {
    throw new DecantError('limit', `loops and branches unfold to more than ${MOST_BODIES} bodies`);
  }
  counts.set(b, count);
}
