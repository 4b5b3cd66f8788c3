import type { Size } from '../../image/image.ts';
import type { Nms } from '../nms.ts';
import { KEYPOINT_COLUMNS, type Prototypes } from './candidate-encoding.ts';
import type { Head } from './head.ts';
import type { ImagePort } from './image-port.ts';
import { formatPorts, otherBoxes, type Port, type Ports } from './port.ts';
import { candidateReader } from './read-candidates.ts';
import { isCandidateCount, letterboxed, yoloInput, yoloLabels } from './yolo-input.ts';
import { prototypesIn } from './yolo-masks.ts';

/** What Ultralytics predicts with, unless told otherwise. */
const YOLO_NMS: Nms = {
  iouThreshold: 0.7,
  scoreThreshold: 0.25,
  perClass: true,
  maxCandidates: 30_000,
  maxDetections: 300,
};

/** COCO's person: one class, 17 keypoints. */
const PERSON_COLUMNS = 4 + 1 + 17 * KEYPOINT_COLUMNS;

/** A table of candidates, and the columns after the boxes. */
interface YoloTable {
  readonly port: Port;
  readonly columns: number;
  readonly columnAxis: 1 | 2;
  readonly classCount: number;
  readonly keypoints: number;
  readonly prototypes: Prototypes | undefined;
}

/**
 * YOLO as Ultralytics exports it without NMS: f32 image 0..1; candidates `[1, 4 + C, N]` of center x, center y, width, height
 * in pixels or fractions of the input, and a score for each class. Segmentation adds a column for each of M prototypes, and
 * these as `[1, h, w, M]` or `[1, M, h, w]`.
 */
export function yolo(ports: Ports): Head | string {
  const input = yoloInput(ports);
  if (typeof input === 'string') return input;
  const table = yoloTable(ports, input);
  if (typeof table === 'string') return table;
  if (table.keypoints > 0) return 'the last columns are keypoints';
  return yoloHead('yolo', input, table);
}

/** Ultralytics' pose model: candidates `[1, 4 + C + 3 K, N]`, with x, y and score of K keypoints after the classes. */
export function yoloPose(ports: Ports): Head | string {
  const input = yoloInput(ports);
  if (typeof input === 'string') return input;
  const table = yoloTable(ports, input);
  if (typeof table === 'string') return table;
  if (table.keypoints > 0) return yoloHead('yolo-pose', input, table);
  if (table.port.parts !== undefined || table.columns !== PERSON_COLUMNS || table.prototypes !== undefined) {
    return 'the columns after the boxes are not classes and keypoints';
  }
  return yoloHead('yolo-pose', input, { ...table, classCount: 1, keypoints: 17 });
}

function yoloTable(ports: Ports, image: Size): YoloTable | string {
  const prototypes = prototypesIn(ports.outputs, image);
  const tables = ports.outputs.flatMap(port => orientations(ports, port, image));
  const [found, other] = tables.filter(({ rest }) => rest !== undefined).concat(tables);
  if (found === undefined) return 'there is no output [1,4+C,N] with a candidate in each cell of its grids';
  const { port, columns, columnAxis, rest } = found;
  const others = otherBoxes(port, columnAxis, 'xy--');
  if (others !== undefined) return others;
  if (rest === undefined && other?.port === port && other.columnAxis !== columnAxis) {
    return `the shape of ${formatPorts([port])} does not show which axis has the columns`;
  }
  if (rest === undefined && columnAxis === 2) return 'the columns of [1,N,4+C] may include a probability of objects';
  if (rest?.[0] === 1 && rest.length > 1 && rest.at(-1)! % KEYPOINT_COLUMNS !== 0) {
    return 'the fifth column is a probability of objects';
  }
  if (rest?.at(-1) === 1 && rest.length > 1) return 'its boxes are rotated, which decant does not support';
  const coefficients = prototypes === undefined ? 0 : prototypes.count;
  const keypoints =
    prototypes === undefined && rest !== undefined && rest.length > 1 ? rest.at(-1)! / KEYPOINT_COLUMNS : 0;
  const classCount = columns - 4 - coefficients - keypoints * KEYPOINT_COLUMNS;
  if (!Number.isInteger(keypoints) || classCount < 1)
    return `the columns of ${formatPorts([port])} are not boxes and classes`;
  return { port, columns, columnAxis, classCount, keypoints, prototypes };
}

interface Orientation extends Pick<YoloTable, 'port' | 'columns' | 'columnAxis'> {
  /** Widths of the parts after the boxes, if the graph shows them. */
  readonly rest: readonly number[] | undefined;
}

function orientations(ports: Ports, port: Port, image: Size): readonly Orientation[] {
  const [batch = 1, ...sizes] = port.shape;
  if (batch !== 1 || sizes.length !== 2) return [];
  return ([1, 2] as const).flatMap((axis): readonly Orientation[] => {
    const columns = port.shape[axis];
    const isOther = port.parts !== undefined && port.parts[axis] === undefined;
    const isTable =
      columns !== undefined && columns > 4 && !isOther && isCandidateCount(port.shape[3 - axis], image, ports, 1);
    return isTable ? [{ port, columns, columnAxis: axis, rest: partsAfter(port, axis, 4) }] : [];
  });
}

/** Widths of the parts after the first `width` columns of an axis, if the graph shows that a part starts there. */
export function partsAfter({ parts }: Port, axis: number, width: number): readonly number[] | undefined {
  const widths = (parts?.[axis] ?? []).map(part => part.width);
  const end = widths.findIndex((_, i) => widths.slice(0, i + 1).reduce((sum, each) => sum + each, 0) === width);
  return end < 0 ? undefined : widths.slice(end + 1);
}

function yoloHead(name: string, image: ImagePort & Size, { port, ...table }: YoloTable): Head {
  const { classCount, keypoints, prototypes } = table;
  const outputs = prototypes === undefined ? [port] : [port, prototypes.port];
  return {
    name,
    reason:
      `it has a candidate for each cell of the grids of a ${image.width} x ${image.height} image, ` +
      `with ${classCount} ${classCount === 1 ? 'class' : 'classes'}${keypoints > 0 ? ` and ${keypoints} keypoints` : ''}: ${formatPorts(outputs)}`,
    evidence: 'shapes',
    labels: yoloLabels(classCount, keypoints),
    ...letterboxed(image),
    ...candidateReader({ table: port, ...table, boxes: 'centers', firstClass: 4, firstClassId: 0, image }, YOLO_NMS),
  };
}
