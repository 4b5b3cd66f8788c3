import { DecantError } from '../../errors.ts';
import { COCO_91, labelsFor } from '../../labels/coco.ts';
import { describedHead } from './described-head.ts';
import type { Head } from './head.ts';
import type { HeadDescription } from './head-description.ts';
import { imagePort, noImagePort } from './image-port.ts';
import { IMAGENET_DEVIATION, IMAGENET_MEAN } from './imagenet-colors.ts';
import { numberedPorts } from './numbered-ports.ts';
import { formatPorts, isListed, numbersAt, otherBoxes, type Port, type Ports, type Tensors } from './port.ts';

const ROW_LENGTH = 7;

/**
 * EfficientDet of google/automl, as its TensorFlow 1 code exports it: rows `[1, N, 7]` of image, ymin, xmin, ymax, xmax in
 * pixels of the image, score and class from 1.
 */
export function efficientDetRows(ports: Ports): Head | string {
  const [rows, ...others] = ports.outputs;
  const input = imagePort(ports);
  if (rows === undefined || others.length > 0) return `there is not one output, but ${ports.outputs.length}`;
  const [batch = 1, , width, ...more] = rows.shape;
  if (batch !== 1 || width !== ROW_LENGTH || more.length > 0)
    return `the output is not [1,N,7], but ${formatPorts([rows])}`;
  if (input === undefined) return noImagePort(ports);
  if (input.type !== 'u8') return `the input is not u8, but ${formatPorts(ports.inputs)}`;
  const otherOrder = otherBoxes(rows, 2, 'yxyx', 1);
  if (otherOrder !== undefined) return otherOrder;
  const reason = `its only output is rows [1,N,7]: ${formatPorts([rows])}`;
  const description: HeadDescription = {
    outputs: { rows: rows.names[0]!, columns: ['skip', 'box', 'score', 'class'] },
    boxes: { format: 'yxyx', scale: 'pixels' },
    classes: { first: 1 },
  };
  const head = describedHead(ports, description, { name: 'efficientdet', reason, evidence: 'shapes' }, COCO_91);
  if (typeof head === 'string') return head;
  const isShown = rows.directions?.[2]?.slice(1, 5) === 'yxyx';
  return {
    ...head,
    // Only the numbers show whether they are corners, if the graph does not.
    encoding: isShown ? head.encoding : undefined,
    read(outputs, nms, image) {
      checkCorners(outputs, rows);
      return head.read(outputs, nms, image);
    },
  };
}

/** Early versions return x, y, width and height instead. */
function checkCorners(outputs: Tensors, rows: Port): void {
  const numbers = numbersAt(outputs, rows);
  for (let at = 0; at < numbers.length; at += ROW_LENGTH) {
    const [, ymin, xmin, ymax, xmax, score] = numbers.subarray(at, at + ROW_LENGTH);
    if (score! <= 0 || (ymax! >= ymin! && xmax! >= xmin!)) continue;
    throw new DecantError('unsupported', `the rows of '${rows.names[0]!}' are not ymin, xmin, ymax, xmax`, {
      remedy:
        'Early versions of EfficientDet return x, y, width and height: describe them in a file (docs/detectors.md) with ' +
        '"columns": ["skip", "box", "score", "class"] and "format": "xywh", and pass --head FILE.json.',
    });
  }
}

/**
 * EfficientDet of google/automl, as its TensorFlow 2 code exports it: `output_0` boxes `[1, N, 4]`, ymin, xmin, ymax, xmax in
 * pixels of the image; `output_1` scores, `output_2` classes from 1, `output_3` their number, an integer.
 */
export function efficientDetColumns(ports: Ports): Head | string {
  const [boxes, scores, classes, count, ...others] = numberedPorts(ports.outputs);
  if (
    boxes === undefined ||
    scores === undefined ||
    classes === undefined ||
    count === undefined ||
    others.length > 0
  ) {
    return `the outputs are not four with numbers, such as output_0 to output_3, but ${formatPorts(ports.outputs)}`;
  }
  const isColumn = ({ shape }: Port): boolean => shape.length === 2 && shape[1] === boxes.shape[1];
  const isBoxes = boxes.shape.length === 3 && boxes.shape[2] === 4;
  if (!isBoxes || !isColumn(scores) || !isColumn(classes) || count.shape.length !== 1 || count.type !== 'i32') {
    return `the outputs are not [1,N,4], [1,N], [1,N] and i32[1], but ${formatPorts([boxes, scores, classes, count])}`;
  }
  const input = imagePort(ports);
  if (input === undefined) return noImagePort(ports);
  if (input.type !== 'u8') return `the input is not u8, but ${formatPorts(ports.inputs)}`;
  const otherOrder = otherBoxes(boxes, 2, 'yxyx');
  if (otherOrder !== undefined) return otherOrder;
  const nameOf = ({ names }: Port): string => names[0]!;
  if (isListed(ports.indices, classes) && !isListed(ports.oneBased, classes)) return 'its classes count from 0';
  const description: HeadDescription = {
    outputs: { boxes: nameOf(boxes), scores: nameOf(scores), classes: nameOf(classes), count: nameOf(count) },
    boxes: { format: 'yxyx', scale: 'pixels' },
    classes: { first: 1 },
  };
  const reason = `its numbered outputs have the shapes of boxes, scores, classes and their number: ${formatPorts(ports.outputs)}`;
  return describedHead(ports, description, { name: 'efficientdet', reason, evidence: 'shapes' }, COCO_91);
}

const ANCHORS_PER_CELL = 9;

/**
 * The network of EfficientDet alone: class logits `[1, h, w, 9 * C]` of levels 3 to 7, then box offsets `[1, h, w, 36]`. Takes
 * a normalized image that keeps its aspect ratio, padded on the right and bottom.
 */
export function efficientDetLevels(ports: Ports): Head | string {
  const outputs = numberedPorts(ports.outputs);
  const levels = outputs.length / 2;
  const scores = outputs.slice(0, levels);
  const boxes = outputs.slice(levels);
  const isPair = (port: Port, i: number): boolean => {
    const other = boxes[i]!;
    const isMap = port.shape.length === 4 && other.shape.length === 4;
    return (
      isMap &&
      other.shape[3] === 4 * ANCHORS_PER_CELL &&
      (port.shape[3] ?? 1) % ANCHORS_PER_CELL === 0 &&
      port.shape[1] === other.shape[1]
    );
  };
  if (levels !== 5 || !scores.every(isPair)) {
    return `the outputs are not five maps of scores [1,h,w,9*C] and then five of boxes [1,h,w,36], but ${formatPorts(ports.outputs)}`;
  }
  const input = imagePort(ports);
  if (input === undefined) return noImagePort(ports);
  if (input.type !== 'f32' || input.height === undefined || input.width === undefined) {
    return `the input is not f32 of a fixed size, but ${formatPorts(ports.inputs)}`;
  }
  const nameOf = ({ names }: Port): string => names[0]!;
  const description: HeadDescription = {
    input: {
      resize: 'pad',
      padValue: 'mean',
      mean: IMAGENET_MEAN,
      scale: IMAGENET_DEVIATION,
      roundsDown: true,
      antialias: false,
    },
    outputs: { boxes: boxes.map(nameOf), scores: scores.map(nameOf) },
    boxes: {
      format: 'cycxhw',
      scale: 'pixels',
      anchors: {
        minLevel: 3,
        maxLevel: 7,
        sizes: [0, 1, 2].map(third => 4 * 2 ** (third / 3)),
        aspectRatios: [1, 2, 0.5],
      },
    },
    scores: { activation: 'sigmoid' },
    classes: { first: 1 },
    nms: { perClass: false, sigma: 0.25, scoreThreshold: 0.001, maxDetections: 100 },
  };
  const reason = 'its numbered outputs have the shapes of five levels of scores and boxes';
  const labels = labelsFor((scores[0]!.shape[3] ?? 0) / ANCHORS_PER_CELL);
  return describedHead(ports, description, { name: 'efficientdet', reason, evidence: 'shapes' }, labels);
}
