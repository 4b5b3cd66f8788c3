import type { Size } from '../../image/image.ts';
import { COCO_80 } from '../../labels/coco.ts';
import { describedHead } from './described-head.ts';
import type { Head } from './head.ts';
import { type Feeding, feedImage, imagePort, noImagePort } from './image-port.ts';
import { formatPorts, missingPorts, portNamed, type Ports } from './port.ts';

const NAMES = [
  ['nmsed_boxes', 'nmsed_scores', 'nmsed_classes', 'valid_detections'],
  ['decode_predictions', 'decode_predictions_1', 'decode_predictions_2', 'decode_predictions_3'],
] as const;

/** Means of ImageNet's blue, green and red. */
const FEEDING: Feeding = { bgr: true, mean: [103.939, 116.779, 123.68] };

const SHORTEST_SIDE = 800;
const LONGEST_SIDE = 1333;
const STRIDE = 128;

/**
 * The RetinaNet of keras.io's example, whose last layer is CombinedNonMaxSuppression. Takes an image whose shortest side is
 * 800 pixels and whose longest at most 1333, padded to multiples of 128; boxes `[1, N, 4]` are xmin, ymin, xmax, ymax in its
 * pixels.
 */
export function kerasIoRetinaNet(ports: Ports): Head | string {
  const names = NAMES.find(group => group.every(name => portNamed(ports.outputs, name) !== undefined));
  if (names === undefined) return missingPorts(ports.outputs, NAMES[0]);
  const input = imagePort(ports);
  if (input === undefined) return noImagePort(ports);
  if (input.type !== 'f32' || input.width !== undefined || input.height !== undefined) {
    return `the input is not f32 of any size, but ${formatPorts(ports.inputs)}`;
  }
  const [boxes, scores, classes, count] = names;
  const identity = {
    name: 'keras-io-retinanet',
    reason: `it has the outputs ${names.join(', ')}`,
    evidence: 'names',
  } as const;
  const description = {
    outputs: { boxes, scores, classes, count },
    boxes: { format: 'xyxy', scale: 'original' },
  } as const;
  const head = describedHead(ports, description, identity, COCO_80);
  if (typeof head === 'string') return head;
  return {
    ...head,
    async prepare(image) {
      const [{ pad }, { resize }] = await Promise.all([import('../../image/pad.ts'), import('../../image/resize.ts')]);
      const scaled = scaledSize(image);
      const width = Math.floor(scaled.width);
      const height = Math.floor(scaled.height);
      const up = (size: number): number => Math.ceil(size / STRIDE) * STRIDE;
      const resized = await resize(image, width, height, { antialias: false });
      const padded = pad(resized, { x: 0, y: 0, width: up(scaled.width), height: up(scaled.height) }, 0);
      return feedImage(padded, input, FEEDING);
    },
    read: (outputs, nms, image) => head.read(outputs, nms, image && scaledSize(image)),
  };
}

function scaledSize({ width, height }: Size): Size {
  const shortest = SHORTEST_SIDE / Math.min(width, height);
  const ratio = Math.min(shortest, LONGEST_SIDE / Math.max(width, height));
  return { width: width * ratio, height: height * ratio };
}
