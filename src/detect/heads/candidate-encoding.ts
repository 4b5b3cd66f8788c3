import type { Size } from '../../image/image.ts';
import type { Port } from './port.ts';

/** How a model's outputs encode all N candidates, before non-maximum suppression. */
export interface CandidateEncoding {
  /** Columns of each candidate: `[1, N, columns]` or `[1, columns, N]`. */
  readonly table: Port;
  readonly columnAxis: 1 | 2;
  readonly columns: number;
  /**
   * `centers`: the first columns are center x, center y, width and height in pixels or fractions of the model's image.
   * `corners`: they are ymin, xmin, ymax, xmax as fractions. A port: an output of corners, `[1, N, 1, 4]` or `[1, N, 4]`.
   */
  readonly boxes: 'centers' | 'corners' | Port;
  /** First column of the class scores, and their number. */
  readonly firstClass: number;
  readonly classCount: number;
  readonly firstClassId: number;
  /** Column of a probability that multiplies the class scores. */
  readonly objectness?: number | undefined;
  /** Whether every class of a candidate counts whose score is high enough, rather than only the best. */
  readonly isMultiLabel?: boolean | undefined;
  /** Number of keypoints in the columns after the class scores: x, y and score of each. */
  readonly keypoints?: number | undefined;
  /** Prototypes of masks, whose coefficients are in the columns after the class scores. */
  readonly prototypes?: Prototypes | undefined;
  /** Size of the model's image. */
  readonly image: Size;
}

/** Prototypes of masks, `[1, height, width, count]` or `[1, count, height, width]`. */
export interface Prototypes extends Size {
  readonly port: Port;
  readonly count: number;
  readonly isChannelsFirst: boolean;
}

/** Columns of a keypoint. */
export const KEYPOINT_COLUMNS = 3;

/**
 * Centers in pixels of the smallest image have a higher mean, and centers in fractions of any image a lower one: the candidates
 * cover the image evenly.
 */
export const MOST_FRACTION = 2;
