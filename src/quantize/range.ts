/** The real numbers that the integers of a quantized value stand for: `low` the lowest, `high` the highest. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** `mixed`: zero points for values with negative numbers. `performance`: symmetric ranges, without zero points. */
export type Preset = 'mixed' | 'performance';

/** Integers of 8 bits. */
export const LEVELS = 256;

/** Width of the range of a value that is always 0: any range will do, but OpenVINO needs one. */
const LEAST_WIDTH = 1e-4;

/**
 * Returns the range for numbers of `least` to `most`. It contains 0, exactly at one of the integers, because paddings are 0.
 * Negative numbers that round to 0 without a zero point get none.
 */
export function rangeFor({ low: least, high: most }: Range, preset: Preset): Range {
  const low = Math.min(least, 0);
  const high = Math.max(most, 0);
  if (high - low < LEAST_WIDTH) return low < 0 ? symmetric(LEAST_WIDTH) : { low: 0, high: LEAST_WIDTH };
  if (-low < high / (LEVELS - 1) / 2) return { low: 0, high };
  return preset === 'performance' ? symmetric(Math.max(-low, high)) : withZero(low, high);
}

/** -128 to 127 steps. */
const symmetric = (size: number): Range => ({ low: (-size * LEVELS) / (LEVELS - 2), high: size });

/** Widens the range on one side, by less than a step, so that 0 is at an integer. */
function withZero(low: number, high: number): Range {
  const last = LEVELS - 1;
  const zero = (-low * last) / (high - low);
  const stepAt = (integer: number): number => Math.max(-low / integer, high / (last - integer));
  const [below, above] = [Math.max(1, Math.floor(zero)), Math.min(last - 1, Math.ceil(zero))];
  const integer = stepAt(below) < stepAt(above) ? below : above;
  const step = stepAt(integer);
  return { low: -integer * step, high: (last - integer) * step };
}
