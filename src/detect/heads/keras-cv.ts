import { describedHead } from './described-head.ts';
import type { HeadMatcher } from './head.ts';
import type { BoxesDescription } from './head-description.ts';
import { missingPorts, portNamed } from './port.ts';

/** Bounding box formats of KerasCV and KerasHub. */
const FORMATS = {
  xyxy: { format: 'xyxy', scale: 'pixels' },
  yxyx: { format: 'yxyx', scale: 'pixels' },
  xywh: { format: 'xywh', scale: 'pixels' },
  center_xywh: { format: 'cxcywh', scale: 'pixels' },
  rel_xyxy: { format: 'xyxy', scale: 'fractions' },
  rel_yxyx: { format: 'yxyx', scale: 'fractions' },
  rel_xywh: { format: 'xywh', scale: 'fractions' },
} as const satisfies Readonly<Record<string, BoxesDescription>>;

type KerasFormat = keyof typeof FORMATS;

export const KERAS_FORMATS = Object.keys(FORMATS) as readonly KerasFormat[];

const NAMES = ['boxes', 'confidence', 'num_detections'];

/**
 * RetinaNet and YOLOv8 of KerasCV and KerasHub, exported with `decode_predictions`: `boxes` `[1, N, 4]` in the model's
 * bounding box format, which only its author knows; `confidence` `[1, N]`, `classes` or `labels` `[1, N]` from 0, and
 * `num_detections` `[1]`.
 */
export const kerasCv =
  (format: KerasFormat): HeadMatcher =>
  ports => {
    const missing = NAMES.filter(name => portNamed(ports.outputs, name) === undefined);
    if (missing.length > 0) return missingPorts(ports.outputs, NAMES);
    const classes = ['classes', 'labels'].find(name => portNamed(ports.outputs, name) !== undefined);
    if (classes === undefined) return missingPorts(ports.outputs, ['classes']);
    const identity = {
      name: `keras-cv:${format}`,
      reason: `it has the outputs ${[...NAMES, classes].join(', ')}`,
      evidence: 'names',
    } as const;
    return describedHead(
      ports,
      {
        input: { resize: 'pad', antialias: false, roundsDown: true },
        outputs: { boxes: 'boxes', scores: 'confidence', classes, count: 'num_detections' },
        boxes: FORMATS[format],
      },
      identity,
    );
  };
