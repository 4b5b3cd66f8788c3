import { labelsFor } from '../../labels/coco.ts';
import type { Nms } from '../nms.ts';
import type { Head } from './head.ts';
import { feedImage, imagePort, noImagePort } from './image-port.ts';
import { formatPorts, otherBoxes, type Port, type Ports } from './port.ts';
import { candidateReader } from './read-candidates.ts';

/** As `coco-ssd` and `handtrack.js` select their detections. */
const NMS: Nms = { iouThreshold: 0.5, scoreThreshold: 0.5, perClass: false, maxDetections: 20 };

/**
 * SSD without NMS, as in TensorFlow.js' `coco-ssd` and `handtrack.js`: image 0..255 of any size; scores `[1, N, C]` without
 * the background, and boxes `[1, N, 1, 4]` of ymin, xmin, ymax, xmax as fractions of the image.
 */
export function ssdCandidates(ports: Ports): Head | string {
  const input = imagePort(ports);
  if (input === undefined) return noImagePort(ports);
  const boxes = ports.outputs.find(
    ({ shape: [batch = 1, , one, four, ...more] }) => batch === 1 && one === 1 && four === 4 && more.length === 0,
  );
  const scores = ports.outputs.find(isScores(boxes));
  const classCount = scores?.shape[2];
  if (boxes === undefined || scores === undefined || classCount === undefined) {
    return 'there are no outputs [1,N,C] and [1,N,1,4] of scores and boxes';
  }
  const others = otherBoxes(boxes, 3, 'yxyx');
  if (others !== undefined) return others;
  return {
    name: 'ssd-candidates',
    reason: `it has scores and boxes of all candidates: ${formatPorts([scores, boxes])}`,
    evidence: 'shapes',
    labels: labelsFor(classCount),
    prepare: image => feedImage(image, input),
    ...candidateReader(
      {
        table: scores,
        columnAxis: 2,
        columns: classCount,
        boxes,
        firstClass: 0,
        classCount,
        firstClassId: 1,
        image: { width: 1, height: 1 },
      },
      NMS,
    ),
  };
}

const isScores =
  (boxes: Port | undefined) =>
  ({ shape: [batch = 1, count, , ...more] }: Port): boolean =>
    batch === 1 && more.length === 0 && boxes?.shape[1] === count && boxes !== undefined;
