import type { Size } from '../../image/image.ts';
import type { DetectionEncoding } from './detection-encoding.ts';
import type { Port } from './port.ts';

/** Rows `[1, N, 6]` of xmin, ymin, xmax, ymax in pixels of the model's image of `size`, score and class. */
export const detectionRows = (rows: Port, { width, height }: Size): DetectionEncoding => ({
  kind: 'rows',
  rows,
  width: 6,
  at: { box: 0, score: 4, class: 5 },
  format: 'xyxy',
  unit: { width, height },
  count: undefined,
});
