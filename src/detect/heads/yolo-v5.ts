import type { Nms } from '../nms.ts';
import type { Head } from './head.ts';
import { formatPorts, otherBoxes, type Port, type Ports } from './port.ts';
import { candidateReader } from './read-candidates.ts';
import { isCandidateCount, letterboxed, yoloInput, yoloLabels } from './yolo-input.ts';
import { partsAfter } from './yolo.ts';

const NMS: Nms = {
  iouThreshold: 0.45,
  scoreThreshold: 0.25,
  perClass: true,
  maxCandidates: 30_000,
  maxDetections: 300,
};

const ANCHORS_PER_CELL = 3;

/**
 * YOLOv5 and YOLOv7: f32 image 0..1; candidates `[1, N, 5 + C]` of center x, center y, width, height in pixels or fractions of
 * the input, probability of an object, and a probability for each class.
 */
export function yoloV5(ports: Ports): Head | string {
  const input = yoloInput(ports);
  if (typeof input === 'string') return input;
  const port = ports.outputs.find(
    ({ shape: [batch = 1, count, columns = 0, ...more] }) =>
      batch === 1 && more.length === 0 && columns > 5 && isCandidateCount(count, input, ports, ANCHORS_PER_CELL),
  );
  if (port === undefined) return 'there is no output [1,N,5+C] with three candidates in each cell of its grids';
  const others = otherBoxes(port, 2, 'xy--');
  if (others !== undefined) return others;
  if ((port.parts?.[2]?.length ?? 0) > 1 && partsAfter(port, 2, 4) === undefined)
    return 'its rows do not start with a box of four columns';
  if (hasProduct(port)) return 'the scores of classes are multiplied by the probability of an object already';
  const columns = port.shape[2]!;
  const classCount = columns - 5;
  return {
    name: 'yolo-v5',
    reason:
      `it has three candidates for each cell of the grids of a ${input.width} x ${input.height} image: ` +
      formatPorts([port]),
    evidence: 'shapes',
    labels: yoloLabels(classCount),
    ...letterboxed(input),
    ...candidateReader(
      {
        table: port,
        columnAxis: 2,
        columns,
        boxes: 'centers',
        objectness: 4,
        firstClass: 5,
        classCount,
        firstClassId: 0,
        image: input,
      },
      NMS,
    ),
  };
}

/** Whether the graph shows that the columns after the box are products. */
export const hasProduct = (port: Port): boolean =>
  partsAfter(port, 2, 4) !== undefined && port.parts?.[2]?.at(-1)?.isProduct === true;
