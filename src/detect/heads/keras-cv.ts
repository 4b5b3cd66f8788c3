import { describedHead } from './described-head.ts';
import type { HeadMatcher } from './head.ts';
import type { BoxesDescription, InputDescription } from './head-description.ts';
import { imagePort } from './image-port.ts';
import { IMAGENET_DEVIATION, IMAGENET_MEAN } from './imagenet-colors.ts';
import { formatPorts, missingPorts, otherBoxes, portNamed } from './port.ts';

/** Bounding box formats of KerasCV, and those that only KerasHub has. */
const CV_FORMATS = {
  xyxy: { format: 'xyxy', scale: 'pixels' },
  yxyx: { format: 'yxyx', scale: 'pixels' },
  xywh: { format: 'xywh', scale: 'pixels' },
  center_xywh: { format: 'cxcywh', scale: 'pixels' },
  rel_xyxy: { format: 'xyxy', scale: 'fractions' },
  rel_yxyx: { format: 'yxyx', scale: 'fractions' },
  rel_xywh: { format: 'xywh', scale: 'fractions' },
} as const satisfies Readonly<Record<string, BoxesDescription>>;

const FORMATS = {
  ...CV_FORMATS,
  center_yxhw: { format: 'cycxhw', scale: 'pixels' },
  rel_center_xywh: { format: 'cxcywh', scale: 'fractions' },
} as const satisfies Readonly<Record<string, BoxesDescription>>;

type KerasFormat = keyof typeof FORMATS;

export const KERAS_CV_FORMATS = Object.keys(CV_FORMATS) as readonly KerasFormat[];
export const KERAS_HUB_FORMATS = Object.keys(FORMATS) as readonly KerasFormat[];

/** Padded on the right and bottom, as by KerasCV's `Resizing`. */
export const KERAS_CV_INPUT: InputDescription = { resize: 'pad', antialias: false, roundsDown: true };

/** The `ImageConverter` of KerasHub's RetinaNets: padded on both sides, and normalized. */
export const KERAS_HUB_INPUT: InputDescription = {
  resize: 'letterbox',
  padsFirst: true,
  antialias: false,
  mean: IMAGENET_MEAN,
  scale: IMAGENET_DEVIATION,
};

/** What an order of a box's numbers shows of their directions. */
const directionsOf = (format: BoxesDescription['format']): string =>
  format.endsWith('hw') || format.endsWith('wh') ? `${format.replaceAll(/c|[wh]/g, '')}--` : format;

/**
 * RetinaNet and YOLOv8 of KerasCV, exported with `decode_predictions`: `boxes` `[1, N, 4]` in the model's bounding box format,
 * which only its author knows; `confidence` `[1, N]`, `classes` `[1, N]` from 0, and `num_detections` `[1]`.
 */
export const kerasCv = (format: KerasFormat): HeadMatcher =>
  decoded(
    `keras-cv:${format}`,
    'classes',
    format,
    KERAS_CV_INPUT,
    format === 'xywh' ? "what KerasCV's guides train with" : undefined,
  );

/**
 * RetinaNet of KerasHub, exported with `decode_predictions`: as of KerasCV, with `labels` in place of `classes`. Its input is
 * normalized, unless it takes images of any size: then preprocessing is inside, and boxes are in pixels of its result.
 */
export const kerasHub = (format: KerasFormat): HeadMatcher => {
  const match = decoded(
    `keras-hub:${format}`,
    'labels',
    format,
    KERAS_HUB_INPUT,
    format === 'yxyx' ? "KerasHub's default" : undefined,
  );
  return ports => {
    const { width, height } = imagePort(ports, ['NHWC', 'NCHW']) ?? {};
    const head = match(ports);
    if (typeof head === 'string' || (width !== undefined && height !== undefined)) return head;
    return `the input is ${formatPorts(ports.inputs)}: images of any size are resized inside, which boxes do not show`;
  };
};

const decoded =
  (
    name: string,
    classes: string,
    format: KerasFormat,
    input: InputDescription,
    usedBy: string | undefined,
  ): HeadMatcher =>
  ports => {
    const names = ['boxes', 'confidence', classes, 'num_detections'];
    if (names.some(each => portNamed(ports.outputs, each) === undefined)) return missingPorts(ports.outputs, names);
    const boxes = FORMATS[format];
    const others = otherBoxes(portNamed(ports.outputs, 'boxes')!, 2, directionsOf(boxes.format));
    if (others !== undefined) return others;
    const outputs = { boxes: 'boxes', scores: 'confidence', classes, count: 'num_detections' };
    const reason = `it has the outputs ${names.join(', ')}`;
    const head = describedHead(ports, { input, outputs, boxes }, { name, reason, evidence: 'names' });
    return typeof head === 'string' ? head : { ...head, usedBy };
  };
