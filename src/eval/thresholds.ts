/** Rounds like NumPy's `linspace`: an IoU may equal a threshold. */
function linspace(first: number, last: number, count: number): readonly number[] {
  const step = (last - first) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : i * step + first));
}

/** Minimum IoU of a true positive: 0.5, 0.55, to 0.95. */
export const IOU_THRESHOLDS: readonly number[] = linspace(0.5, 0.95, 10);

export const RECALLS: readonly number[] = linspace(0, 1, 101);

export const MAX_DETECTIONS = [1, 10, 100] as const;

export const AREA_RANGES = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const;
