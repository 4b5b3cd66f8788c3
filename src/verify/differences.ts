import type { Pairs } from './match-detections.ts';

/** The distance of two numbers: 0 if both are NaN, infinite if only one is. */
export function gap(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const distance = Math.abs(a - b);
  return Number.isNaN(distance) ? Infinity : distance;
}

export function largestGap(expected: ArrayLike<number>, found: ArrayLike<number>, width: number, pairs: Pairs): number {
  let largest = 0;
  for (const [i, j] of pairs) {
    for (let k = 0; k < width; k++) largest = Math.max(largest, gap(expected[i * width + k]!, found[j * width + k]!));
  }
  return largest;
}

/** Maximum minus minimum of the finite numbers; 1 if that is 0. */
export function rangeOf(numbers: Iterable<number>): number {
  let min = Infinity;
  let max = -Infinity;
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    if (number < min) min = number;
    if (number > max) max = number;
  }
  return max > min ? max - min : 1;
}
