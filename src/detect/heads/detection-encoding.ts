import type { Size } from '../../image/image.ts';
import type { Port } from './port.ts';

/** How a model's outputs encode N detections; conversions of the output layout start from it. */
export type DetectionEncoding =
  | {
      readonly kind: 'columns';
      /** `[1, N, 4]`: ymin, xmin, ymax, xmax as fractions of the model's image. Scores (0..1) and classes are `[1, N]`. */
      readonly boxes: Port;
      readonly scores: Port;
      readonly classes: Port;
      /** `[1]`: the number of valid detections; without it, all are valid. */
      readonly count: Port | undefined;
    }
  | {
      readonly kind: 'rows';
      /** `[1, N, 6]`: xmin, ymin, xmax, ymax in pixels of the model's image of `size`, score, class id. */
      readonly rows: Port;
      readonly size: Size;
    };
