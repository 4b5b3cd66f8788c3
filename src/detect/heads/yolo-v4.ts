import type { Nms } from '../nms.ts';
import type { Head } from './head.ts';
import { formatPorts, otherBoxes, type Ports } from './port.ts';
import { candidateReader } from './read-candidates.ts';
import { isCandidateCount, stretched, yoloInput, yoloLabels } from './yolo-input.ts';
import { hasProduct } from './yolo-v5.ts';

const NMS: Nms = { iouThreshold: 0.45, scoreThreshold: 0.25, perClass: true, maxDetections: 50 };

const ANCHORS_PER_CELL = 3;

/**
 * YOLOv4 for TensorFlow: f32 image 0..1, stretched; candidates `[1, N, 4 + C]` of ymin, xmin, ymax, xmax as fractions of the
 * image, and a score for each class, which includes the probability of an object.
 */
export function yoloV4(ports: Ports): Head | string {
  const input = yoloInput(ports);
  if (typeof input === 'string') return input;
  const port = ports.outputs.find(
    ({ shape: [batch = 1, count, columns = 0, ...more] }) =>
      batch === 1 &&
      more.length === 0 &&
      columns > 4 &&
      (count === undefined || isCandidateCount(count, input, ports, ANCHORS_PER_CELL)),
  );
  if (port === undefined) return 'there is no output [1,N,4+C] with three candidates in each cell of its grids';
  const others = otherBoxes(port, 2, 'yxyx');
  if (others !== undefined) return others;
  if (port.parts?.[2] !== undefined && !hasProduct(port)) {
    return 'the scores of classes are not multiplied by the probability of an object';
  }
  const columns = port.shape[2]!;
  const classCount = columns - 4;
  return {
    name: 'yolo-v4',
    reason: `it has candidates of boxes and class scores: ${formatPorts([port])}`,
    evidence: 'shapes',
    labels: yoloLabels(classCount),
    ...stretched(input),
    ...candidateReader(
      {
        table: port,
        columnAxis: 2,
        columns,
        boxes: 'corners',
        firstClass: 4,
        classCount,
        firstClassId: 0,
        isMultiLabel: true,
        image: input,
      },
      NMS,
    ),
  };
}
