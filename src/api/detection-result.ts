import type { Timings } from '../detect/detect-image.ts';
import type { Detection } from '../detect/detection.ts';
import type { DecantError } from '../errors.ts';
import type { Image } from '../image/image.ts';

/** The objects in one image. */
export interface DetectionResult {
  /** The decoded image, upright, for `drawDetections`. */
  readonly image: Image;
  readonly width: number;
  readonly height: number;
  /** Best first; boxes in pixels of the image. */
  readonly detections: readonly Detection[];
  /** Durations in milliseconds. */
  readonly ms: Timings & { readonly read: number };
}

/** The result of one image of a sequence, or why there is none. */
export type DetectionOutcome<P> = {
  /** Position in the sequence, from 0. */
  readonly index: number;
  /** The image as it was passed to `detectAll`. */
  readonly input: P;
} & (
  | { readonly result: DetectionResult; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: DecantError }
);
