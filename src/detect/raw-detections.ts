import type { Area } from '../preprocess/geometry.ts';
import { COCO_KEYPOINTS } from '../labels/coco-keypoints.ts';
import { type Box, clipBox } from '../image/geometry.ts';
import { type Detection, select, type Selection } from './detection.ts';
import type { Size } from '../image/image.ts';
import type { Keypoint } from './keypoint.ts';
import { labelOf, type Labels } from '../labels/labels.ts';
import { maskArea, type SoftMasks, toMask } from './mask.ts';

/** N detections of one image as the model returns them, `count` of them valid; lengths are fractions of the image. */
export interface RawDetections {
  /** `[N, 4]`: ymin, xmin, ymax, xmax. */
  readonly boxes: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly classes: ArrayLike<number>;
  readonly count: number;
  readonly masks?: SoftMasks | undefined;
  readonly keypoints?: RawKeypoints | undefined;
}

/** K = `perDetection` keypoints of each detection: positions `[N, K, 2]` (y, x) and, if predicted, scores `[N, K]`. */
export interface RawKeypoints {
  readonly perDetection: number;
  readonly positions: ArrayLike<number>;
  readonly scores: ArrayLike<number> | undefined;
}

/** Returns the detections at `indices`, in this order. */
export function pick(raw: RawDetections, indices: readonly number[]): RawDetections {
  const rows = (values: ArrayLike<number>, width: number): Float32Array => {
    const picked = new Float32Array(indices.length * width);
    indices.forEach((index, row) => {
      for (let i = 0; i < width; i++) picked[row * width + i] = values[index * width + i]!;
    });
    return picked;
  };
  const { masks, keypoints } = raw;
  return {
    boxes: rows(raw.boxes, 4),
    scores: rows(raw.scores, 1),
    classes: rows(raw.classes, 1),
    count: indices.length,
    ...(masks && { masks: { ...masks, data: rows(masks.data, masks.width * masks.height) } }),
    ...(keypoints && {
      keypoints: {
        ...keypoints,
        positions: rows(keypoints.positions, 2 * keypoints.perDetection),
        scores: keypoints.scores && rows(keypoints.scores, keypoints.perDetection),
      },
    }),
  };
}

export function toImageCoordinates(raw: RawDetections, { x, y, width, height }: Area): RawDetections {
  const convert = (positions: ArrayLike<number>): readonly number[] =>
    Array.from(positions, (position, i) => (i % 2 === 0 ? y + position * height : x + position * width));
  const { boxes, keypoints, masks } = raw;
  const over = masks?.over;
  return {
    ...raw,
    boxes: convert(boxes),
    ...(over && {
      masks: {
        ...masks,
        over: {
          x: x + over.x * width,
          y: y + over.y * height,
          width: over.width * width,
          height: over.height * height,
        },
      },
    }),
    ...(keypoints && { keypoints: { ...keypoints, positions: convert(keypoints.positions) } }),
  };
}

const MASK_THRESHOLD = 0.5;

/**
 * Returns the selected detections, best first, in pixels of the original image, which has `size`. Drops detections outside of
 * it or with NaN.
 */
export function toDetections(
  raw: RawDetections,
  size: Size,
  labels: Labels,
  selection: Selection = {},
): readonly Detection[] {
  const { maskThreshold = MASK_THRESHOLD } = selection;
  const candidates = Array.from({ length: raw.count }, (_, index) => candidateAt(raw, index, size)).filter(
    candidate => candidate !== undefined,
  );
  return select(candidates, selection).map(({ index, classId, score, box, unclipped }) => {
    const keypoints = raw.keypoints && keypointsAt(raw.keypoints, index, size);
    return {
      label: labelOf(labels, classId),
      classId,
      score,
      box,
      ...(raw.masks && {
        mask: toMask(raw.masks, index, unclipped, maskArea(raw.masks, unclipped, box, size), size, maskThreshold),
      }),
      ...(keypoints && { keypoints }),
    };
  });
}

interface Candidate extends Pick<Detection, 'classId' | 'score' | 'box'> {
  readonly index: number;
  readonly unclipped: Box;
}

function candidateAt({ boxes, scores, classes }: RawDetections, index: number, size: Size): Candidate | undefined {
  const at = 4 * index;
  const unclipped = {
    xmin: boxes[at + 1]! * size.width,
    ymin: boxes[at]! * size.height,
    xmax: boxes[at + 3]! * size.width,
    ymax: boxes[at + 2]! * size.height,
  };
  const box = clipBox(unclipped, size);
  const score = scores[index]!;
  const classId = Math.round(classes[index]!);
  if (box === undefined || !Number.isFinite(score) || !Number.isFinite(classId)) return undefined;
  return { index, classId, score, box, unclipped };
}

/** Returns undefined if all scores are 0, the models' way to say that a class has no keypoints. */
function keypointsAt(
  { perDetection, positions, scores }: RawKeypoints,
  index: number,
  size: Size,
): readonly Keypoint[] | undefined {
  const names = perDetection === COCO_KEYPOINTS.length ? COCO_KEYPOINTS : [];
  const keypoints = Array.from({ length: perDetection }, (_, i): Keypoint => {
    const at = index * perDetection + i;
    const position = { x: positions[2 * at + 1]! * size.width, y: positions[2 * at]! * size.height };
    const name = names[i];
    return { ...(name !== undefined && { name }), ...position, score: scores?.[at] ?? 1 };
  });
  return keypoints.every(({ score }) => score === 0) ? undefined : keypoints;
}
