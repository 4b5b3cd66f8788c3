import type { Size } from '../../image/image.ts';
import { COCO_KEYPOINTS } from '../../labels/coco-keypoints.ts';
import type { RawDetections } from '../raw-detections.ts';
import { type CandidateTable, tableAt } from './candidate-table.ts';
import type { Head } from './head.ts';
import { fedArea, feedImage, type Feeding, imagePort, noImagePort } from './image-port.ts';
import { formatPorts, numbersAt, type Port, type Ports } from './port.ts';

const FEEDING: Feeding = { fit: 'fit_to_window_letterbox' };

const KEYPOINTS = COCO_KEYPOINTS.length;

/** y, x and score of each keypoint, then ymin, xmin, ymax, xmax and score of the person. */
const PERSON_COLUMNS = 3 * KEYPOINTS + 5;

/** Longer side of the image, if the model takes any size: a multiple of 32. */
const DEFAULT_SIDE = 256;

/** Keypoints with lower scores are not part of the person's box, as in the demos of MoveNet. */
const LEAST_SCORE = 0.2;

/**
 * MoveNet: image 0..255, letterboxed in black; keypoints of one person, `[1, 1, 17, 3]` of y, x and score, or of several,
 * `[1, N, 56]` with box and score after the keypoints. All are fractions of the input.
 */
export function movenet(ports: Ports): Head | string {
  const found = imagePort(ports);
  if (found === undefined) return noImagePort(ports);
  const input = { ...found, width: found.width ?? DEFAULT_SIDE, height: found.height ?? DEFAULT_SIDE };
  const [port, ...others] = ports.outputs;
  const isSingle = port !== undefined && isShape(port, [1, KEYPOINTS, 3]);
  if (port === undefined || others.length > 0 || !(isSingle || isShape(port, [undefined, PERSON_COLUMNS]))) {
    return 'there is no only output [1,1,17,3] or [1,N,56]';
  }
  if (!isSingle && input.type === 'f32') return 'the input is f32, not whole numbers';
  return {
    name: 'movenet',
    reason: `it has 17 keypoints of ${isSingle ? 'one person' : 'several persons'}: ${formatPorts([port])}`,
    evidence: 'shapes',
    labels: new Map([[0, 'person']]),
    firstClassId: 0,
    detectionOutputs: [port],
    requiredOutputs: [port],
    candidateOutputs: [],
    encoding: undefined,
    prepare: image => feedImage(image, input, FEEDING),
    area: (image: Size) => fedArea(image, input, FEEDING),
    read: outputs =>
      isSingle ? onePerson(numbersAt(outputs, port)) : persons(tableAt(outputs, port, PERSON_COLUMNS, 2)),
  };
}

const isShape = ({ shape: [batch = 1, ...sizes] }: Port, wanted: readonly (number | undefined)[]): boolean =>
  batch === 1 && sizes.length === wanted.length && wanted.every((size, i) => size === undefined || sizes[i] === size);

const pointIn = (numbers: ArrayLike<number>, i: number): readonly [y: number, x: number, score: number] => [
  numbers[3 * i]!,
  numbers[3 * i + 1]!,
  numbers[3 * i + 2]!,
];

/** The box spans the keypoints that are seen, and the score is their mean. */
function onePerson(numbers: ArrayLike<number>): RawDetections {
  const points = Array.from({ length: KEYPOINTS }, (_, i) => pointIn(numbers, i));
  const seen = points.filter(([, , score]) => score >= LEAST_SCORE);
  const ys = seen.map(([y]) => y);
  const xs = seen.map(([, x]) => x);
  const score = seen.reduce((sum, point) => sum + point[2], 0) / Math.max(seen.length, 1);
  return {
    boxes: [Math.min(...ys), Math.min(...xs), Math.max(...ys), Math.max(...xs)],
    scores: [score],
    classes: [0],
    count: seen.length > 0 ? 1 : 0,
    keypoints: {
      perDetection: KEYPOINTS,
      positions: points.flatMap(([y, x]) => [y, x]),
      scores: points.map(point => point[2]),
    },
  };
}

function persons({ count, at }: CandidateTable): RawDetections {
  const rows = Array.from({ length: count }, (_, row) => row);
  const box = 3 * KEYPOINTS;
  const points = rows.flatMap(row => Array.from({ length: KEYPOINTS }, (_, i) => [row, 3 * i] as const));
  return {
    boxes: rows.flatMap(row => [0, 1, 2, 3].map(i => at(row, box + i))),
    scores: rows.map(row => at(row, box + 4)),
    classes: rows.map(() => 0),
    count,
    keypoints: {
      perDetection: KEYPOINTS,
      positions: points.flatMap(([row, column]) => [at(row, column), at(row, column + 1)]),
      scores: points.map(([row, column]) => at(row, column + 2)),
    },
  };
}
