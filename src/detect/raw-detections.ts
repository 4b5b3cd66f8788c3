import type { Area } from '../preprocess/geometry.ts';
import { COCO_KEYPOINTS } from '../labels/coco-keypoints.ts';
import { type Box, clipBox, nearestPixels } from '../image/geometry.ts';
import { type Detection, select, type Selection } from './detection.ts';
import type { Size } from '../image/image.ts';
import type { Keypoint } from './keypoint.ts';
import { labelOf, type Labels } from '../labels/labels.ts';
import { type SoftMasks, toMask } from './mask.ts';

/** What a network found in one picture, row by row as it tells it; lengths are fractions of the picture. */
export interface RawDetections {
  /** ymin, xmin, ymax, xmax of each row. */
  readonly boxes: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly classes: ArrayLike<number>;
  /** How many rows count; those behind them are padding. */
  readonly count: number;
  readonly masks?: SoftMasks | undefined;
  readonly keypoints?: RawKeypoints | undefined;
}

export interface RawKeypoints {
  /** The number of points of each row. */
  readonly points: number;
  /** y and x of each. */
  readonly places: ArrayLike<number>;
  /** One for each, unless the network gives none. */
  readonly scores: ArrayLike<number> | undefined;
}

/** What was found in an area of a picture, as fractions of the whole. */
export function toImageCoordinates(found: RawDetections, { x, y, width, height }: Area): RawDetections {
  const [start, length] = [
    [y, x],
    [height, width],
  ];
  const move = (places: ArrayLike<number>): readonly number[] =>
    Array.from(places, (place, i) => start[i % 2]! + place * length[i % 2]!);
  const { boxes, keypoints } = found;
  return {
    ...found,
    boxes: move(boxes),
    ...(keypoints && { keypoints: { ...keypoints, places: move(keypoints.places) } }),
  };
}

/** A pixel belongs to a mask where it is more likely than not. */
const MASK_THRESHOLD = 0.5;

/**
 * The detections that `selection` keeps, best first, with boxes, masks and points in pixels of a picture of `size`: the
 * original one, not what the network saw. Rows with nothing inside the picture, or with a number that is none, are left out.
 *
 * @throws DecantError `invalid-argument`
 */
export function toDetections(
  found: RawDetections,
  size: Size,
  labels: Labels,
  selection: Selection = {},
): readonly Detection[] {
  const { maskThreshold = MASK_THRESHOLD } = selection;
  const rows = Array.from({ length: found.count }, (_, row) => rowOf(found, row, size)).flat();
  return select(rows, selection).map(({ row, classId, score, box, whole }) => {
    const keypoints = found.keypoints && keypointsOf(found.keypoints, row, size);
    return {
      label: labelOf(labels, classId),
      classId,
      score,
      box,
      ...(found.masks && { mask: toMask(found.masks, row, whole, nearestPixels(box, size), size, maskThreshold) }),
      ...(keypoints && { keypoints }),
    };
  });
}

interface Row extends Pick<Detection, 'classId' | 'score' | 'box'> {
  readonly row: number;
  /** The box before it was cut at the picture's edges. */
  readonly whole: Box;
}

/** One row, or none. */
function rowOf({ boxes, scores, classes }: RawDetections, row: number, size: Size): readonly Row[] {
  const at = 4 * row;
  const whole = {
    xmin: boxes[at + 1]! * size.width,
    ymin: boxes[at]! * size.height,
    xmax: boxes[at + 3]! * size.width,
    ymax: boxes[at + 2]! * size.height,
  };
  const box = clipBox(whole, size);
  const [score, classId] = [scores[row]!, Math.round(classes[row]!)];
  return box === undefined || !Number.isFinite(score) || !Number.isFinite(classId)
    ? []
    : [{ row, classId, score, box, whole }];
}

/** The points of a row; undefined where all scores are 0, as a network says that the class has no points. */
function keypointsOf(
  { points, places, scores }: RawKeypoints,
  row: number,
  size: Size,
): readonly Keypoint[] | undefined {
  const names = points === COCO_KEYPOINTS.length ? COCO_KEYPOINTS : [];
  const keypoints = Array.from({ length: points }, (_, i): Keypoint => {
    const at = row * points + i;
    const place = { x: places[2 * at + 1]! * size.width, y: places[2 * at]! * size.height };
    const name = names[i];
    return { ...(name !== undefined && { name }), ...place, score: scores?.[at] ?? 1 };
  });
  return keypoints.every(({ score }) => score === 0) ? undefined : keypoints;
}
