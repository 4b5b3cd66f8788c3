import type { Size } from '../../image/image.ts';
import type { BoxFormat } from './head-description.ts';
import type { Port } from './port.ts';

/**
 * Units of boxes: fractions of the model's image; its pixels, of a fixed `Size` or whatever it has; or what Model Garden's
 * `image_info` `[1, 4, 2]` says: pixels of an image that the model resizes, unless none exceeds 1.
 */
export type BoxUnit = 'fractions' | 'pixels' | Size | { readonly info: Port };

interface Boxes {
  readonly format: BoxFormat;
  readonly unit: BoxUnit;
  /** `[1]`: the number of valid detections; without it, all are valid. */
  readonly count: Port | undefined;
}

/** How a model's outputs encode N detections, with scores from 0 to 1; conversions of the output layout start from it. */
export type DetectionEncoding =
  | (Boxes & {
      readonly kind: 'columns';
      /** `[1, N, 4]`; scores and classes are `[1, N]`. */
      readonly boxes: Port;
      readonly scores: Port;
      readonly classes: Port;
    })
  | (Boxes & {
      readonly kind: 'rows';
      /** `[1, N, width]`. */
      readonly rows: Port;
      readonly width: number;
      /** Where the four numbers of the box start, and where the score and the class are. */
      readonly at: { readonly box: number; readonly score: number; readonly class: number };
    });
