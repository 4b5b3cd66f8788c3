import type { Size } from '../../image/image.ts';
import { COCO_80 } from '../../labels/coco.ts';
import { type Nms, suppressed } from '../nms.ts';
import type { RawDetections } from '../raw-detections.ts';
import { bestScores } from './best-scores.ts';
import { describedHead } from './described-head.ts';
import type { Head } from './head.ts';
import { imagePort, noImagePort, withImageSize } from './image-port.ts';
import { cellsOf } from './keras-anchors.ts';
import { KERAS_CV_INPUT } from './keras-cv.ts';
import { formatPorts, missingPorts, portNamed, type Ports } from './port.ts';
import { type Table, tableOf } from './tables.ts';

const OUTPUTS = { boxes: 'boxes', scores: 'classes' } as const;

/** Logits of the distances 0, 1, ..., 15, in strides, of one edge of a box from the center of its cell. */
const BINS = 16;
const STRIDES = [8, 16, 32];

/** Width and height of the image if the model takes any size. */
const SIDE = 640;

const NMS: Nms = { iouThreshold: 0.7, scoreThreshold: 0.2, perClass: false, maxDetections: 100 };

/**
 * The network of KerasCV's YOLOv8: `boxes` `[1, N, 64]`, distributions of the distances of left, top, right and bottom from the
 * centers of cells, and probabilities `classes` `[1, N, C]`.
 */
export function kerasCvYolo(ports: Ports): Head | string {
  const [boxes, classes] = [OUTPUTS.boxes, OUTPUTS.scores].map(name => portNamed(ports.outputs, name));
  if (boxes === undefined || classes === undefined) return missingPorts(ports.outputs, Object.values(OUTPUTS));
  const port = imagePort(ports, ['NHWC', 'NCHW']);
  if (port === undefined) return noImagePort(ports);
  const { height = SIDE, width = SIDE } = port;
  const image = { height, width };
  const cells = centersOf(image);
  const [, count = cells.length, numbers] = boxes.shape;
  if (count !== cells.length || numbers !== 4 * BINS) {
    return `the output ${formatPorts([boxes])} does not hold ${4 * BINS} numbers of each of the ${cells.length} cells`;
  }
  const head = describedHead(
    withImageSize(ports, port, image),
    { input: KERAS_CV_INPUT, outputs: OUTPUTS, boxes: { format: 'xyxy', scale: 'pixels' } },
    {
      name: 'keras-cv-yolov8',
      reason: `it has the outputs boxes and classes, with distributions of edges: ${formatPorts([boxes])}`,
      evidence: 'names',
    },
    classes.shape[2] === COCO_80.size ? COCO_80 : undefined,
  );
  if (typeof head === 'string') return head;
  return {
    ...head,
    detectionOutputs: [],
    encoding: undefined,
    nms: NMS,
    read(outputs, nms = NMS) {
      const scores = tableOf(outputs, classes);
      const distributions = tableOf(outputs, boxes);
      return suppressed(readCells({ distributions, scores }, cells, image, nms.scoreThreshold), nms);
    },
  };
}

interface Cell {
  readonly y: number;
  readonly x: number;
  readonly stride: number;
}

const centersOf = ({ height, width }: Size): readonly Cell[] =>
  STRIDES.flatMap(stride =>
    cellsOf(Math.ceil(height / stride), Math.ceil(width / stride)).map(({ row, column }) => ({
      y: (row + 0.5) * stride,
      x: (column + 0.5) * stride,
      stride,
    })),
  );

function readCells(
  { distributions, scores }: { readonly distributions: Table; readonly scores: Table },
  cells: readonly Cell[],
  { height, width }: Size,
  lowest: number,
): RawDetections {
  const best = bestScores(scores);
  const found = { boxes: [] as number[], scores: [] as number[], classes: [] as number[] };
  cells.forEach(({ y, x, stride }, row) => {
    const { score, column } = best(row);
    if (!(score >= lowest)) return;
    const [left, top, right, bottom] = [0, 1, 2, 3].map(edge => stride * meanOf(distributions, row, edge * BINS));
    found.boxes.push((y - top!) / height, (x - left!) / width, (y + bottom!) / height, (x + right!) / width);
    found.scores.push(score);
    found.classes.push(column);
  });
  return { ...found, count: found.scores.length };
}

/** The mean of the distribution whose logits start at a column. */
function meanOf(table: Table, row: number, first: number): number {
  const logits = Array.from({ length: BINS }, (_, i) => table.at(row, first + i));
  const highest = Math.max(...logits);
  const weights = logits.map(logit => Math.exp(logit - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, i) => sum + i * weight, 0) / total;
}
