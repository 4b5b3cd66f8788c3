import { gap } from './differences.ts';
import type { Pairs } from './match-detections.ts';

/** Two tables with the same number of rows of `width` numbers; `range` weights all tables alike. */
export interface Tables {
  readonly width: number;
  readonly expected: ArrayLike<number>;
  readonly found: ArrayLike<number>;
  readonly range: number;
}

export function matchRows(tables: readonly Tables[], count: number): Pairs {
  const free = new Set(Array.from({ length: count }, (_, i) => i));
  return Array.from({ length: count }, (_, i) => {
    let nearest = { row: -1, distance: Infinity };
    // The row in the same place is usually the nearest; all others are then rejected after a number or two.
    for (const j of free.has(i) ? [i, ...free] : free) {
      const distance = distanceOf(tables, i, j, nearest.distance);
      if (nearest.row < 0 || distance < nearest.distance) nearest = { row: j, distance };
    }
    free.delete(nearest.row);
    return [i, nearest.row] as const;
  });
}

/** The largest difference of two rows as a fraction of the range; stops at `limit`. */
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
