import { DecantError } from '../errors.ts';

/** One size: a number, undefined where any fits, or the limits between which it lies, both included. */
export type Dimension = number | undefined | readonly [min: number, max: number];

/** A shape that may leave sizes open. */
export class PartialShape {
  /** Undefined where even the number of dimensions is open. */
  readonly dimensions: readonly Dimension[] | undefined;

  /**
   * `dimensions` may also spell an open size as -1.
   *
   * @throws DecantError `invalid-argument` for a size that is no whole number, negative, or an empty range
   */
  constructor(dimensions: readonly Dimension[] | undefined) {
    this.dimensions = dimensions?.map(normalize);
  }

  /** Whether every size is known. */
  isStatic(): boolean {
    return this.dimensions?.every(dimension => typeof dimension === 'number') ?? false;
  }

  /** Whether a size, or their number, is open. */
  isDynamic(): boolean {
    return !this.isStatic();
  }

  /** Whether a tensor may have `shape`. */
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

/** The least and the greatest size. */
export const boundsOf = (dimension: Dimension): readonly [min: number, max: number] =>
  dimension === undefined ? [0, Infinity] : typeof dimension === 'number' ? [dimension, dimension] : dimension;

function normalize(dimension: Dimension): Dimension {
  if (dimension === -1) return undefined;
  const [min, max] = boundsOf(dimension);
  if (!Number.isSafeInteger(min) || min < 0 || max < min || !(max === Infinity || Number.isSafeInteger(max))) {
    throw new DecantError('invalid-argument', `${format(dimension)} is not the size of a dimension`);
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
