import { checkArgument, either, listOf, number, optional } from '../check.ts';
import { DecantError } from '../errors.ts';

/** A size: a number, undefined if dynamic, or an inclusive range. */
export type Dimension = number | undefined | readonly [min: number, max: number];

/**
 * A shape whose sizes or rank may be dynamic, as OpenVINO's `PartialShape`.
 *
 * @example
 * ```ts
 * import { PartialShape } from 'decant';
 *
 * const shape = new PartialShape([1, undefined, [1, 640], 3]);
 * console.log(shape.toString()); // [1,?,1..640,3]
 * ```
 */
export class PartialShape {
  /** Undefined for a dynamic rank. */
  readonly dimensions: readonly Dimension[] | undefined;

  /**
   * @param dimensions sizes; -1 is dynamic, too
   * @throws DecantError `invalid-argument` if a size is negative or not an integer, or a range is empty
   */
  constructor(dimensions: readonly Dimension[] | undefined) {
    checkArgument(dimensions, 'the dimensions', optional(listOf(dimension)));
    this.dimensions = dimensions?.map(normalize);
  }

  /** Whether rank and all sizes are known. */
  isStatic(): boolean {
    return this.dimensions?.every(dimension => typeof dimension === 'number') ?? false;
  }

  /** Whether rank or a size is dynamic. */
  isDynamic(): boolean {
    return !this.isStatic();
  }

  /** Whether a tensor of `shape` is compatible. */
  accepts(shape: readonly number[]): boolean {
    return (
      this.dimensions === undefined ||
      (this.dimensions.length === shape.length &&
        this.dimensions.every((dimension, i) => {
          const [min, max] = boundsOf(dimension);
          return min <= shape[i]! && shape[i]! <= max;
        }))
    );
  }

  /** `[1,?,..640,3]`, as OpenVINO prints it. */
  toString(): string {
    return `[${this.dimensions?.map(format).join(',') ?? '...'}]`;
  }
}

const dimension = either('a number, undefined or a range', optional(number), (value, what) => {
  return Array.isArray(value) && value.length === 2 ? listOf(number)(value, what) : what;
});

export function boundsOf(dimension: Dimension): readonly [min: number, max: number] {
  if (dimension === undefined) return [0, Infinity];
  return typeof dimension === 'number' ? [dimension, dimension] : dimension;
}

function normalize(dimension: Dimension): Dimension {
  if (dimension === -1) return undefined;
  const [min, max] = boundsOf(dimension);
  if (!Number.isSafeInteger(min) || min < 0 || max < min || !(max === Infinity || Number.isSafeInteger(max))) {
    throw new DecantError('invalid-argument', `${format(dimension)} is not a valid dimension`);
  }
  if (min === max) return min;
  return min === 0 && max === Infinity ? undefined : [min, max];
}

function format(dimension: Dimension): string {
  if (dimension === undefined) return '?';
  if (typeof dimension === 'number') return String(dimension);
  const [min, max] = dimension;
  return `${min === 0 ? '' : min}..${max === Infinity ? '' : max}`;
}
