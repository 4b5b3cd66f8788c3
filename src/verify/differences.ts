import type { Pairs } from './match-detections.ts';

/** How far apart two numbers are: 0 for the same, numbers or not; infinitely far where only one of them is a number. */
export function gap(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const distance = Math.abs(a - b);
  return Number.isNaN(distance) ? Infinity : distance;
}

/** The largest gap between the numbers of two tables with rows of `width`, row by row as `pairs` has them. */
export function largestGap(expected: ArrayLike<number>, found: ArrayLike<number>, width: number, pairs: Pairs): number {
  let largest = 0;
  for (const [i, j] of pairs) {
    for (let k = 0; k < width; k++) largest = Math.max(largest, gap(expected[i * width + k]!, found[j * width + k]!));
  }
  return largest;
}

/** From the least number to the greatest one; 1 where all are the same. */
export function rangeOf(numbers: Iterable<number>): number {
  let [least, greatest] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    if (number < least) least = number;
    if (number > greatest) greatest = number;
  }
  return greatest > least ? greatest - least : 1;
}
