import { COCO_80, COCO_91 } from '../../labels/coco.ts';
import type { Labels } from '../../labels/labels.ts';
import { describedHead } from './described-head.ts';
import type { Head } from './head.ts';
import type { HeadDescription } from './head-description.ts';
import { imagePort, noImagePort, withImageSize } from './image-port.ts';
import { kerasCvAnchors, kerasHubAnchors } from './keras-anchors.ts';
import { KERAS_CV_INPUT, KERAS_HUB_INPUT } from './keras-cv.ts';
import { formatPorts, missingPorts, portNamed, type Ports } from './port.ts';
import type { Size } from '../../image/image.ts';

/** COCO's 80 classes, or its ids as KerasHub's presets have them, with a background class. */
const LABELS: ReadonlyMap<number, Labels> = new Map([
  [80, COCO_80],
  [91, COCO_91],
]);

/** What a RetinaNet without `decode_predictions` leaves to be done. */
interface Network {
  readonly name: string;
  readonly boxes: string;
  readonly scores: string;
  readonly input: HeadDescription['input'];
  /** Width and height of the image if the model takes any size. */
  readonly side: number;
  readonly format: 'cxcywh' | 'cycxhw';
  readonly variances?: readonly number[];
  readonly anchorsFor: (image: Size) => readonly (readonly number[])[];
}

const HUB: Network = {
  name: 'keras-hub-retinanet',
  boxes: 'bbox_regression',
  scores: 'cls_logits',
  input: KERAS_HUB_INPUT,
  side: 800,
  format: 'cxcywh',
  anchorsFor: kerasHubAnchors,
};

const CV: Network = {
  name: 'keras-cv-retinanet',
  boxes: 'box',
  scores: 'classification',
  input: KERAS_CV_INPUT,
  side: 640,
  format: 'cycxhw',
  variances: [0.1, 0.1, 0.2, 0.2],
  anchorsFor: kerasCvAnchors,
};

/** The network of KerasHub's RetinaNet: offsets `bbox_regression` `[1, N, 4]` from its default anchors, and `cls_logits` `[1, N, C]`. */
export const kerasHubRetinaNet = (ports: Ports): Head | string => retinaNet(ports, HUB);

/** The network of KerasCV's RetinaNet: offsets `box` `[1, N, 4]` from its default anchors, and logits `classification` `[1, N, C]`. */
export const kerasCvRetinaNet = (ports: Ports): Head | string => retinaNet(ports, CV);

function retinaNet(ports: Ports, { name, boxes, scores, input, side, ...offsets }: Network): Head | string {
  const names = [boxes, scores];
  const [boxPort, scorePort] = names.map(each => portNamed(ports.outputs, each));
  if (boxPort === undefined || scorePort === undefined) return missingPorts(ports.outputs, names);
  const port = imagePort(ports, ['NHWC', 'NCHW']);
  if (port === undefined) return noImagePort(ports);
  const { height = side, width = side } = port;
  const image = { height, width };
  const anchors = offsets.anchorsFor(image);
  const isOffsets = boxPort.shape.length === 3 && (boxPort.shape[2] ?? 4) === 4;
  if (!isOffsets || (boxPort.shape[1] ?? anchors.length) !== anchors.length) {
    return `the output ${formatPorts([boxPort])} does not hold offsets of the ${anchors.length} default anchors`;
  }
  const description: HeadDescription = {
    input,
    outputs: { boxes, scores },
    boxes: { format: offsets.format, scale: 'pixels', anchors, variances: offsets.variances },
    scores: { activation: 'sigmoid' },
    nms: { iouThreshold: 0.5, scoreThreshold: 0.5, perClass: false, maxDetections: 100 },
  };
  const reason = `it has the outputs ${names.join(', ')}`;
  const labels = LABELS.get(scorePort.shape[2] ?? 0) ?? new Map();
  return describedHead(withImageSize(ports, port, image), description, { name, reason, evidence: 'names' }, labels);
}
