import type { Timings } from '../detect/detect-image.ts';
import type { Detection } from '../detect/detection.ts';
import type { DecantError } from '../errors.ts';
import type { Image } from '../image/image.ts';

/** Objects detected in one image, best first, with boxes in pixels of the image; durations (`ms`) are in milliseconds. */
export interface DetectionResult {
  readonly image: Image;
  readonly width: number;
  readonly height: number;
  readonly detections: readonly Detection[];
  /** Number of tiles that ran besides the whole image; undefined without tiles. */
  readonly tiles?: number | undefined;
  readonly ms: Timings & { readonly read: number };
}

/**
 * The result of one image of a sequence, or its error; `index` counts from 0, `input` is the image as passed to `detectAll`.
 */
export type DetectionOutcome<P> = {
  readonly index: number;
  readonly input: P;
} & (
  | { readonly result: DetectionResult; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: DecantError }
);
