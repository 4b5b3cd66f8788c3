/** `count` numbers from `first` to `last`, with the rounding of NumPy's `linspace`: overlaps may be equal to one of them. */
function spaced(first: number, last: number, count: number): readonly number[] {
  const step = (last - first) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : i * step + first));
}

/** The overlaps from which on a detection counts as found: 0.5, 0.55, to 0.95. */
export const OVERLAPS: readonly number[] = spaced(0.5, 0.95, 10);

/** The recalls at which precision is read: 0, 0.01, to 1. */
export const RECALLS: readonly number[] = spaced(0, 1, 101);

/** How many of the best detections of a class in a picture count. */
export const MAX_DETECTIONS = [1, 10, 100] as const;

/** Sizes of objects, in pixels of area, both ends included. */
export const AREAS = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const;
