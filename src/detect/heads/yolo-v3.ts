import type { Head } from './head.ts';
import type { ImagePort } from './image-port.ts';
import { formatPorts, isListed, numbersAt, type Port, type Ports } from './port.ts';
import { letterboxed, stretched, yoloInput, yoloLabels } from './yolo-input.ts';
import { COCO_80 } from '../../labels/coco.ts';

/**
 * YOLOv3 for TensorFlow, with CombinedNonMaxSuppression in its graph: f32 image 0..1, stretched; boxes `[1, N, 4]` as fractions
 * of the image, scores and classes `[1, N]`, and the number of valid detections `[1]`. The graph shows whether boxes are xmin,
 * ymin, xmax, ymax or ymin, xmin, ymax, xmax, and which output has the classes.
 */
export const yoloV3 = (ports: Ports): Head | string =>
  suppressedHead(ports, 'yolo-v3', stretched, ({ reachesOut }) =>
    reachesOut ? 'the centers of its boxes reach out of their cells, as those of YOLOv5' : undefined,
  );

/** YOLOv5 exported with `--nms`: the same outputs, for a letterboxed image. */
export const yoloV5Suppressed = (ports: Ports): Head | string =>
  suppressedHead(ports, 'yolo-v5', letterboxed, ({ reachesOut }) =>
    reachesOut ? undefined : 'the centers of its boxes stay in their cells, as those of YOLOv3',
  );

/** @param otherwise says why grids are those of another head */
function suppressedHead(
  ports: Ports,
  name: string,
  feed: (input: ImagePort) => Pick<Head, 'prepare' | 'area'>,
  otherwise: (grids: SuppressedGrids) => string | undefined,
): Head | string {
  const input = yoloInput(ports);
  if (typeof input === 'string') return input;
  const grids = suppressedGrids(ports);
  if (typeof grids === 'string') return grids;
  const labels = yoloLabels(ports.classCount ?? COCO_80.size);
  return otherwise(grids) ?? { name, ...grids.head, labels, ...feed(input) };
}

interface SuppressedGrids {
  readonly head: Omit<Head, 'name' | 'labels' | 'prepare'>;
  readonly reachesOut: boolean;
}

function suppressedGrids(ports: Ports): SuppressedGrids | string {
  const { boxOrder, firstCell } = ports;
  const ranked = (rank: number): readonly Port[] => ports.outputs.filter(({ shape }) => shape.length === rank);
  const [boxes] = ranked(3);
  const columns = ranked(2);
  const isIndex = (port: Port): boolean => isListed(ports.indices, port);
  const classes = columns.find(isIndex);
  const scores = columns.find(port => !isIndex(port));
  const [count] = ranked(1);
  if (boxes?.shape[2] !== 4 || columns.length !== 2 || count === undefined || ports.outputs.length !== 4) {
    return 'the outputs are not boxes [1,N,4], scores and classes [1,N], and a number [1]';
  }
  const isKnown = firstCell === 0 || firstCell === -0.5;
  if (
    ports.selection !== 'nms' ||
    boxOrder === undefined ||
    !isKnown ||
    classes === undefined ||
    scores === undefined
  ) {
    return 'the graph does not suppress boxes that it decodes from grids';
  }
  const [left, top] = boxOrder === 'xy' ? [0, 1] : [1, 0];
  const head: SuppressedGrids['head'] = {
    reason: `it suppresses boxes that it decodes from grids: ${formatPorts([boxes, scores, classes])}`,
    evidence: 'shapes',
    firstClassId: 0,
    detectionOutputs: [boxes, scores, classes],
    requiredOutputs: [boxes, scores, classes, count],
    candidateOutputs: [],
    encoding:
      boxOrder === 'yx'
        ? { kind: 'columns', boxes, scores, classes, count, format: 'yxyx', unit: 'fractions' }
        : undefined,
    read(outputs) {
      const edges = numbersAt(outputs, boxes);
      const found = numbersAt(outputs, scores);
      return {
        boxes: Array.from(edges, (_, i) => edges[i - (i % 4) + [top, left, top + 2, left + 2][i % 4]!]!),
        scores: found,
        classes: numbersAt(outputs, classes),
        count: Math.min(Math.max(Math.floor(numbersAt(outputs, count)[0] ?? 0), 0), found.length),
      };
    },
  };
  return { head, reachesOut: firstCell === -0.5 };
}
