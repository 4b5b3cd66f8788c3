import type { Size } from '../../image/image.ts';
import type { Port } from './port.ts';

/** How the outputs of a network hold its detections, for those who put them together in another way. */
export type DetectionTable =
  | {
      readonly kind: 'columns';
      /** `[1, N, 4]`: ymin, xmin, ymax, xmax as fractions of the network's picture. */
      readonly boxes: Port;
      /** `[1, N]`, as are the classes. */
      readonly scores: Port;
      readonly classes: Port;
      /** How many rows count; all of them where there is none. */
      readonly count: Port | undefined;
    }
  | {
      readonly kind: 'rows';
      /** `[1, N, 6]`: xmin, ymin, xmax, ymax in pixels of the network's picture, score, class. */
      readonly rows: Port;
      /** The network's picture. */
      readonly size: Size;
    };
