import { COCO_91 } from '../../labels/coco.ts';
import type { SoftMasks } from '../mask.ts';
import { type Nms, suppressed } from '../nms.ts';
import type { Head } from './head.ts';
import { feedImage, type ImagePort, imagePort, noImagePort } from './image-port.ts';
import { missingPorts, numbersAt, type Port, portNamed, type Ports, tensorAt, type Tensors } from './port.ts';

const DETECTIONS = ['detection_boxes', 'detection_scores', 'detection_classes', 'num_detections', 'image_info'];
const CANDIDATES = ['decoded_boxes', 'decoded_box_scores', 'image_info'];

/** The thresholds of Model Garden's own detection generator. */
const NMS: Nms = { iouThreshold: 0.5, scoreThreshold: 0.05, perClass: true, maxCandidates: 5000, maxDetections: 100 };

/**
 * TensorFlow's Model Garden (`official.vision`): RetinaNet and Mask R-CNN. Takes an image of any size. Boxes `[1, N, 4]` are
 * ymin, xmin, ymax, xmax in pixels of the resized image or, all of them from 0 to 1, fractions of the image. `image_info`
 * `[1, 4, 2]` has the y and x of the image's size, the resized size, the scale between them, and an offset.
 */
export function modelGarden(ports: Ports): Head | string {
  const [boxes, scores, classes, count, info] = DETECTIONS.map(name => portNamed(ports.outputs, name));
  if (
    boxes === undefined ||
    scores === undefined ||
    classes === undefined ||
    count === undefined ||
    info === undefined
  ) {
    return missingPorts(ports.outputs, DETECTIONS);
  }
  const input = imagePort(ports);
  if (input === undefined) return noImagePort(ports);
  const masks = portNamed(ports.outputs, 'detection_masks');
  return {
    ...commonOf(input, DETECTIONS),
    detectionOutputs: [boxes, scores, classes],
    requiredOutputs: [boxes, scores, classes, count, info, ...(masks ? [masks] : [])],
    encoding: { kind: 'columns', boxes, scores, classes, count, format: 'yxyx', unit: { info } },
    read(outputs) {
      const all = numbersAt(outputs, scores);
      const valid = Math.min(all.length, Math.max(0, Math.floor(numbersAt(outputs, count)[0] ?? 0) || 0));
      return {
        boxes: toFractions(numbersAt(outputs, boxes), valid, numbersAt(outputs, info)),
        scores: all,
        classes: numbersAt(outputs, classes),
        count: valid,
        masks: masks && borderedMasks(outputs, masks),
      };
    },
  };
}

/** The same models, exported without non-maximum suppression: a score `[1, N, C]` for each class but the background. */
export function modelGardenCandidates(ports: Ports): Head | string {
  const [boxes, scores, info] = CANDIDATES.map(name => portNamed(ports.outputs, name));
  if (boxes === undefined || scores === undefined || info === undefined) return missingPorts(ports.outputs, CANDIDATES);
  const input = imagePort(ports);
  if (input === undefined) return noImagePort(ports);
  return {
    ...commonOf(input, CANDIDATES),
    detectionOutputs: [],
    requiredOutputs: [boxes, scores, info],
    nms: NMS,
    read(outputs, nms = NMS) {
      const numbers = numbersAt(outputs, boxes);
      const fractions = toFractions(numbers, numbers.length / 4, numbersAt(outputs, info));
      const perClass = numbersAt(outputs, scores);
      const width = perClass.length / (numbers.length / 4);
      const found = Array.from(perClass, (_, i) => i).filter(i => perClass[i]! >= nms.scoreThreshold);
      const raw = {
        boxes: found.flatMap(i => [0, 1, 2, 3].map(k => fractions[4 * Math.floor(i / width) + k]!)),
        scores: found.map(i => perClass[i]!),
        classes: found.map(i => 1 + (i % width)),
        count: found.length,
      };
      return suppressed(raw, nms);
    },
  };
}

const commonOf = (
  input: ImagePort,
  names: readonly string[],
): Pick<
  Head,
  'name' | 'reason' | 'evidence' | 'labels' | 'firstClassId' | 'candidateOutputs' | 'encoding' | 'prepare'
> => ({
  name: 'model-garden',
  reason: `it has the outputs ${names.join(', ')}`,
  evidence: 'names',
  labels: COCO_91,
  firstClassId: 1,
  candidateOutputs: [],
  encoding: undefined,
  prepare: image => feedImage(image, input),
});

/** Returns fractions of the image before it was resized. */
function toFractions(boxes: ArrayLike<number>, count: number, info: ArrayLike<number>): Float64Array {
  const fractions = Float64Array.from(boxes).subarray(0, 4 * count);
  // Fractions are clipped to 0..1, and no box of pixels lies within the first one.
  if (fractions.every(edge => edge >= 0 && edge <= 1)) return fractions;
  const [height, width, , , scaleY, scaleX, offsetY, offsetX] = Array.from<number>(info);
  return fractions.map((edge, i) =>
    i % 2 === 0 ? (edge + offsetY!) / scaleY! / height! : (edge + offsetX!) / scaleX! / width!,
  );
}

/** Masks with a border of zeros, as Model Garden pastes them into the image. */
function borderedMasks(outputs: Tensors, port: Port): SoftMasks {
  const [height, width] = tensorAt(outputs, port).shape.slice(-2) as [number, number];
  const masks = numbersAt(outputs, port);
  const bordered = { height: height + 2, width: width + 2, hasBorder: true };
  const count = masks.length / (height * width);
  const data = new Float32Array(count * bordered.height * bordered.width);
  for (let row = 0; row < count * height; row++) {
    const mask = Math.floor(row / height);
    const start = (mask * bordered.height + (row % height) + 1) * bordered.width + 1;
    for (let i = 0; i < width; i++) data[start + i] = masks[row * width + i]!;
  }
  return { ...bordered, data };
}
