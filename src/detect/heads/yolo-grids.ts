import type { Size } from '../../image/image.ts';
import { tensorOf, type Tensor } from '../../tensor/tensor.ts';
import type { Nms } from '../nms.ts';
import type { Head } from './head.ts';
import { formatPorts, numbersAt, type Port, type Ports, type Tensors } from './port.ts';
import { candidateReader } from './read-candidates.ts';
import { sigmoid } from './sigmoid.ts';
import { stretched, yoloInput, yoloLabels } from './yolo-input.ts';

const NMS: Nms = { iouThreshold: 0.5, scoreThreshold: 0.5, perClass: true, maxDetections: 100 };

const ANCHORS_PER_CELL = 3;

/** Columns of a candidate before its classes: x, y, width, height, object. */
const BOX_COLUMNS = 5;

/** What a YOLO was trained with: it is not part of the graph. */
interface Training {
  /** Width and height of the anchors in pixels, from the smallest, for two or three grids. */
  readonly anchors: Readonly<Record<number, readonly (readonly [width: number, height: number])[]>>;
  /** How far centers reach out of their cells, from the finest grid: 1 ends at the edges. */
  readonly reach: readonly number[];
}

// prettier-ignore
const V3: Training = {
  anchors: {
    2: [[10, 14], [23, 27], [37, 58], [81, 82], [135, 169], [344, 319]],
    3: [[10, 13], [16, 30], [33, 23], [30, 61], [62, 45], [59, 119], [116, 90], [156, 198], [373, 326]],
  },
  reach: [1, 1, 1],
};

// prettier-ignore
const V4: Training = {
  anchors: {
    2: [[23, 27], [37, 58], [81, 82], [81, 82], [135, 169], [344, 319]],
    3: [[12, 16], [19, 36], [40, 28], [36, 75], [76, 55], [72, 146], [142, 110], [192, 243], [459, 401]],
  },
  reach: [1.2, 1.1, 1.05],
};

/** YOLOv3 without decoding: see `gridHead`. */
export const yoloV3Grids = (ports: Ports): Head | string => gridHead(ports, 'yolo-v3-grids', V3);

/** YOLOv4 without decoding: see `gridHead`. */
export const yoloV4Grids = (ports: Ports): Head | string => gridHead(ports, 'yolo-v4-grids', V4);

/**
 * The grids of a YOLO as its last convolutions return them, two or three outputs `[1, h, w, 3 (5 + C)]` or
 * `[1, h, w, 3, 5 + C]`: offsets of center and size, logit of an object, and logits of the classes. Anchors are those of COCO.
 */
function gridHead(ports: Ports, name: string, training: Training): Head | string {
  const input = yoloInput(ports);
  if (typeof input === 'string') return input;
  const grids = ports.outputs.map(port => gridAt(port, input)).filter(grid => grid !== undefined);
  const [first] = grids;
  const isWhole = grids.length === ports.outputs.length && (grids.length === 2 || grids.length === 3);
  if (first === undefined || !isWhole || grids.some(({ columns }) => columns !== first.columns)) {
    return 'the outputs are not two or three grids [1,h,w,3,5+C]';
  }
  const { columns } = first;
  const classCount = columns - BOX_COLUMNS;
  const sorted = grids.toSorted((a, b) => b.width - a.width);
  const table: Port = { names: ['candidates'], type: 'f32', shape: [1, undefined, columns] };
  const reader = candidateReader(
    {
      table,
      columnAxis: 2,
      columns,
      boxes: 'corners',
      objectness: 4,
      firstClass: BOX_COLUMNS,
      classCount,
      firstClassId: 0,
      isMultiLabel: true,
      image: input,
    },
    NMS,
  );
  const outputs = sorted.map(({ port }) => port);
  return {
    name,
    reason: `it has ${grids.length} grids of three candidates in each cell: ${formatPorts(outputs)}`,
    evidence: 'shapes',
    labels: yoloLabels(classCount),
    ...stretched(input),
    ...reader,
    requiredOutputs: outputs,
    candidateOutputs: outputs,
    candidates: undefined,
    read: (tensors, nms) => reader.read({ candidates: decoded(tensors, sorted, training, input) }, nms),
  };
}

interface Grid extends Size {
  readonly port: Port;
  readonly columns: number;
}

function gridAt(port: Port, image: Size): Grid | undefined {
  const [batch = 1, height, width, ...rest] = port.shape;
  const columns = rest.length === 2 && rest[0] === ANCHORS_PER_CELL ? rest[1] : (rest[0] ?? 0) / ANCHORS_PER_CELL;
  const isGrid = [32, 16, 8].some(stride => image.height === stride * height! && image.width === stride * width!);
  if (batch !== 1 || !isGrid || rest.length > 2 || columns === undefined) return undefined;
  if (!Number.isInteger(columns) || columns <= BOX_COLUMNS) return undefined;
  return { port, height: height!, width: width!, columns };
}

/** Returns ymin, xmin, ymax, xmax, object and classes of all candidates: `[1, N, 5 + C]`. */
function decoded(tensors: Tensors, grids: readonly Grid[], { anchors, reach }: Training, image: Size): Tensor {
  const rows = grids.flatMap(({ port, columns, width }, level) => {
    const numbers = numbersAt(tensors, port);
    const height = numbers.length / (ANCHORS_PER_CELL * columns * width);
    return Array.from({ length: numbers.length / columns }, (_, i) => {
      const at = (column: number): number => numbers[i * columns + column]!;
      const [anchorWidth, anchorHeight] = anchors[grids.length]![level * ANCHORS_PER_CELL + (i % ANCHORS_PER_CELL)]!;
      const cell = Math.floor(i / ANCHORS_PER_CELL);
      const spread = (logit: number): number => (sigmoid(logit) - 0.5) * reach[level]! + 0.5;
      const x = ((cell % width) + spread(at(0))) / width;
      const y = (Math.floor(cell / width) + spread(at(1))) / height;
      const halfWidth = (Math.exp(at(2)) * anchorWidth) / image.width / 2;
      const halfHeight = (Math.exp(at(3)) * anchorHeight) / image.height / 2;
      const scores = Array.from({ length: columns - 4 }, (__, k) => sigmoid(at(4 + k)));
      return [y - halfHeight, x - halfWidth, y + halfHeight, x + halfWidth, ...scores];
    });
  });
  return tensorOf('f32', [1, rows.length, grids[0]!.columns], rows.flat());
}
