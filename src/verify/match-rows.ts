import { gap } from './differences.ts';
import type { Pairs } from './match-detections.ts';

/** Two tables of as many rows. */
export interface Tables {
  /** Numbers in a row. */
  readonly width: number;
  readonly expected: ArrayLike<number>;
  readonly found: ArrayLike<number>;
  /** The range of the numbers, so that those of all tables count alike. */
  readonly range: number;
}

/** Each of `count` rows with the nearest one that is left, where a row goes through all tables. */
export function matchRows(tables: readonly Tables[], count: number): Pairs {
  const free = new Set(Array.from({ length: count }, (_, i) => i));
  return Array.from({ length: count }, (_, i) => {
    let nearest = { row: -1, distance: Infinity };
    // The row in the same place is mostly the one, and then all others are seen to be further after a number or two.
    for (const j of free.has(i) ? [i, ...free] : free) {
      const distance = distanceOf(tables, i, j, nearest.distance);
      if (nearest.row < 0 || distance < nearest.distance) nearest = { row: j, distance };
    }
    free.delete(nearest.row);
    return [i, nearest.row] as const;
  });
}

/** The largest share of a range by which two rows differ; no less than `limit` where they differ by that. */
function distanceOf(tables: readonly Tables[], i: number, j: number, limit: number): number {
  let largest = 0;
  for (const { width, expected, found, range } of tables) {
    for (let k = 0; k < width; k++) {
      largest = Math.max(largest, gap(expected[i * width + k]!, found[j * width + k]!) / range);
      if (largest >= limit) return largest;
    }
  }
  return largest;
}
