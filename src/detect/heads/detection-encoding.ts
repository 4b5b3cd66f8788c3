import type { Size } from '../../image/image.ts';
import type { Port } from './port.ts';

/** How a model's outputs encode N detections; conversions of the output layout start from it. */
export type DetectionEncoding =
  | {
      readonly kind: 'columns';
      /** `[1, N, 4]`: ymin, xmin, ymax, xmax as fractions of the model's image. */
      readonly boxes: Port;
      /** `[1, N]`, 0..1. */
      readonly scores: Port;
      /** `[1, N]`: class ids. */
      readonly classes: Port;
      /** `[1]`: the number of valid detections; without it, all are valid. */
      readonly count: Port | undefined;
    }
  | {
      readonly kind: 'rows';
      /** `[1, N, 6]`: xmin, ymin, xmax, ymax in pixels of the model's image, score, class id. */
      readonly rows: Port;
      /** Size of the model's image. */
      readonly size: Size;
    };
