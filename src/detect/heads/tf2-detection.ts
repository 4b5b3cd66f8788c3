import { DecantError } from '../../errors.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { COCO_91, labelsFor } from '../../labels/coco.ts';
import type { RawKeypoints } from '../raw-detections.ts';
import type { Labels } from '../../labels/labels.ts';
import type { SoftMasks } from '../mask.ts';
import type { Head } from './head.ts';
import { missingPorts, numbersAt, type Port, portNamed, type Ports, tensorAt, type Tensors } from './port.ts';
import { feedImage, type ImagePort, imagePort, noImagePort } from './image-port.ts';

const REQUIRED = ['detection_boxes', 'detection_scores', 'detection_classes'];

/**
 * The TensorFlow 2 Object Detection API. Takes an image of any size. Returns `detection_boxes` `[1, N, 4]` (ymin, xmin, ymax,
 * xmax as fractions of the image), `detection_scores` `[1, N]`, `detection_classes` `[1, N]` (from 1) and `num_detections`
 * `[1]`; optionally `detection_masks` `[1, N, h, w]` (0..1, each over its box), `detection_keypoints` `[1, N, K, 2]` (y, x as
 * fractions of the image) and `detection_keypoint_scores` `[1, N, K]`.
 */
export function tf2Detection(ports: Ports): Head | string {
  const input = imagePort(ports);
  const named = (name: string): Port | undefined => portNamed(ports.outputs, name);
  const [boxes, scores, classes] = REQUIRED.map(named);
  if (boxes === undefined || scores === undefined || classes === undefined)
    return missingPorts(ports.outputs, REQUIRED);
  if (portNamed(ports.outputs, 'image_info') !== undefined) return "its output 'image_info' is that of Model Garden";
  if (input === undefined) return noImagePort(ports);
  const candidates = ['raw_detection_boxes', 'raw_detection_scores'].map(named);
  // The number of classes shows only in the optional outputs with a score per class.
  const perClass = named('detection_multiclass_scores') ?? candidates[1];
  const why = { reason: `it has the outputs ${REQUIRED.join(', ')}`, evidence: 'names' } as const;
  return tf2Head(input, tf2Labels(perClass?.shape[2]), why, {
    boxes,
    scores,
    classes,
    count: named('num_detections'),
    masks: named('detection_masks'),
    keypoints: named('detection_keypoints'),
    keypointScores: named('detection_keypoint_scores'),
    indices: named('detection_anchor_indices'),
    candidates: candidates.filter(port => port !== undefined),
  });
}

/** Most of the API's models are trained on COCO. */
export const tf2Labels = (classCount: number | undefined): Labels =>
  classCount === undefined ? COCO_91 : labelsFor(classCount);

export interface Tf2Outputs {
  readonly boxes: Port;
  readonly scores: Port;
  readonly classes: Port;
  readonly count: Port | undefined;
  readonly masks?: Port | undefined;
  readonly keypoints?: Port | undefined;
  readonly keypointScores?: Port | undefined;
  /** `[1, N]`: index of each detection among the candidates. */
  readonly indices?: Port | undefined;
  readonly candidates: readonly Port[];
}

export const tf2Head = (
  input: ImagePort,
  labels: Labels,
  why: Pick<Head, 'reason' | 'evidence'>,
  ports: Tf2Outputs,
): Head => ({
  name: 'tf2-detection',
  ...why,
  labels,
  firstClassId: 1,
  detectionOutputs: [ports.boxes, ports.scores, ports.classes, ...(ports.indices ? [ports.indices] : [])],
  requiredOutputs: [
    ports.boxes,
    ports.scores,
    ports.classes,
    ports.count,
    ports.masks,
    ports.keypoints,
    ports.keypointScores,
  ].filter(port => port !== undefined),
  candidateOutputs: ports.candidates,
  encoding: {
    kind: 'columns',
    boxes: ports.boxes,
    scores: ports.scores,
    classes: ports.classes,
    count: ports.count,
    format: 'yxyx',
    unit: 'fractions',
  },
  prepare: image => feedImage(image, input),
  read(outputs) {
    const scores = numbersAt(outputs, ports.scores);
    const count = ports.count === undefined ? scores.length : Math.floor(numbersAt(outputs, ports.count)[0] ?? 0);
    const boxes = numbersAt(outputs, ports.boxes);
    const valid = count > 0 ? Math.min(count, scores.length) : 0;
    checkFractions(boxes.subarray(0, 4 * valid), ports.boxes);
    return {
      boxes,
      scores,
      classes: numbersAt(outputs, ports.classes),
      count: valid,
      masks: ports.masks && masksAt(outputs, ports.masks),
      keypoints: ports.keypoints && keypointsAt(outputs, ports.keypoints, ports.keypointScores),
    };
  },
});

/** Edges that the API does not clip may be somewhat outside of the image. */
const FARTHEST = 4;

function checkFractions(boxes: ArrayLike<number>, { names }: Port): void {
  const far = Array.from(boxes).find(edge => Math.abs(edge) > FARTHEST);
  if (far === undefined) return;
  throw new DecantError(
    'unsupported',
    `boxes of '${names[0]!}' reach to ${far}, and tf2-detection takes fractions of the image`,
    {
      remedy:
        'If they are pixels, describe the head in a file with "scale": "pixels" (docs/detectors.md): --head FILE.json.',
    },
  );
}

function masksAt(outputs: Tensors, port: Port): SoftMasks {
  const { shape } = tensorAt(outputs, port);
  const [height, width] = shape.slice(-2);
  return { height: height!, width: width!, data: numbersAt(outputs, port) };
}

const keypointsAt = (outputs: Tensors, port: Port, scores: Port | undefined): RawKeypoints => ({
  perDetection: sizeOf(tensorAt(outputs, port).shape.slice(2, -1)),
  positions: numbersAt(outputs, port),
  scores: scores && numbersAt(outputs, scores),
});
