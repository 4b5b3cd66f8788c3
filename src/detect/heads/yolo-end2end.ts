import type { Size } from '../../image/image.ts';
import { COCO_80 } from '../../labels/coco.ts';
import { KEYPOINT_COLUMNS, MOST_FRACTION } from './candidate-encoding.ts';
import { type CandidateTable, tableAt } from './candidate-table.ts';
import { detectionRows } from './detection-rows.ts';
import type { Head } from './head.ts';
import { formatPorts, otherBoxes, type Port, type Ports } from './port.ts';
import { letterboxed, yoloInput, yoloLabels } from './yolo-input.ts';
import { keypointsOf } from './yolo-keypoints.ts';
import { masksOf, prototypesIn } from './yolo-masks.ts';

const ROW_LENGTH = 6;

/** COCO's 17 keypoints, which rows without other evidence end with. */
const PERSON_EXTRAS = 17 * KEYPOINT_COLUMNS;

/**
 * YOLO that selects its detections, as Ultralytics exports YOLOv10, YOLO26 and others with `nms=True`: f32 image 0..1; rows
 * `[1, N, 6]` of xmin, ymin, xmax, ymax in pixels or fractions of the input, score and class id. Coefficients of masks or
 * keypoints follow.
 */
export function yoloEnd2end(ports: Ports): Head | string {
  const input = yoloInput(ports);
  if (typeof input === 'string') return input;
  if (ports.selection === 'peaks') return 'the model selects the peaks of a heat map';
  if (ports.selection === 'none') return 'the model does not select detections';
  const port = ports.outputs.find(isRows);
  if (port === undefined) return 'there is no output [1,N,6]';
  const others = otherBoxes(port, 2, 'xyxy');
  if (others !== undefined) return others;
  const columns = port.shape[2]!;
  const extras = columns - ROW_LENGTH;
  const prototypes = prototypesIn(ports.outputs, input);
  const hasMasks = prototypes?.count === extras;
  const hasKeypoints = !hasMasks && extras > 0;
  if (
    hasKeypoints &&
    !(extras === PERSON_EXTRAS || (ports.selection !== undefined && extras % KEYPOINT_COLUMNS === 0))
  ) {
    return `the columns after the sixth of ${formatPorts([port])} are neither masks nor keypoints`;
  }
  const outputs = hasMasks ? [port, prototypes.port] : [port];
  return {
    name: 'yolo-end2end',
    reason: `it takes an ${input.type} image and returns rows [1,N,${columns}]: ${formatPorts(outputs)}`,
    evidence: 'shapes',
    labels: hasKeypoints ? new Map([[0, 'person']]) : yoloLabels(ports.classCount ?? COCO_80.size),
    firstClassId: 0,
    detectionOutputs: [port],
    requiredOutputs: outputs,
    candidateOutputs: [],
    encoding: ports.areRowsPixels === true && extras === 0 ? detectionRows(port, input) : undefined,
    ...letterboxed(input),
    read(tensors) {
      const table = tableAt(tensors, port, columns, 2);
      const rows = Array.from({ length: table.count }, (_, row) => row).filter(row => table.at(row, 4) > 0);
      const unit = unitOfCorners(table, rows, input);
      const layout = { first: ROW_LENGTH, count: extras / KEYPOINT_COLUMNS, unit };
      return {
        boxes: rows.flatMap(row => [
          table.at(row, 1) / unit.height,
          table.at(row, 0) / unit.width,
          table.at(row, 3) / unit.height,
          table.at(row, 2) / unit.width,
        ]),
        scores: rows.map(row => table.at(row, 4)),
        classes: rows.map(row => table.at(row, 5)),
        count: rows.length,
        ...(hasMasks && { masks: masksOf(tensors, prototypes, table, rows, ROW_LENGTH) }),
        ...(hasKeypoints && { keypoints: keypointsOf(table, rows, layout) }),
      };
    },
  };
}

const isRows = ({ shape: [batch = 1, , columns = 0, ...more] }: Port): boolean =>
  batch === 1 && columns >= ROW_LENGTH && more.length === 0;

function unitOfCorners({ at }: CandidateTable, rows: readonly number[], image: Size): Size {
  const isPixels = rows.some(row => at(row, 2) > MOST_FRACTION || at(row, 3) > MOST_FRACTION);
  return isPixels ? image : { width: 1, height: 1 };
}
