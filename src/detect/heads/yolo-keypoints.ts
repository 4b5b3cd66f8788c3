import type { Size } from '../../image/image.ts';
import type { RawKeypoints } from '../raw-detections.ts';
import { KEYPOINT_COLUMNS } from './candidate-encoding.ts';
import type { CandidateTable } from './candidate-table.ts';

interface KeypointColumns {
  readonly first: number;
  /** Number of keypoints. */
  readonly count: number;
  /** Divides x and y. */
  readonly unit: Size;
}

/** Returns the keypoints of some rows, from columns of x, y and score. */
export function keypointsOf(
  { at }: CandidateTable,
  rows: readonly number[],
  { first, count, unit }: KeypointColumns,
): RawKeypoints {
  const points = rows.flatMap(row =>
    Array.from({ length: count }, (_, i) => [row, first + i * KEYPOINT_COLUMNS] as const),
  );
  return {
    perDetection: count,
    positions: points.flatMap(([row, column]) => [at(row, column + 1) / unit.height, at(row, column) / unit.width]),
    scores: points.map(([row, column]) => at(row, column + 2)),
  };
}
