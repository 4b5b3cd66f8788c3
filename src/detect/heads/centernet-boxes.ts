import { COCO_80 } from '../../labels/coco.ts';
import { detectionRows } from './detection-rows.ts';
import type { Head } from './head.ts';
import { formatPorts, numbersAt, otherBoxes, type Port, type Ports } from './port.ts';
import { feedImage, imagePort, noImagePort } from './image-port.ts';

const ROW_LENGTH = 6;

/**
 * CenterNet with decoding inside, COCO classes 0..79: f32 image 0..255 of fixed size in; rows `[1, N, 6]` out, of xmin, ymin,
 * xmax, ymax in pixels of the input, score and class id.
 */
export function centernetBoxes(ports: Ports): Head | string {
  const input = imagePort(ports);
  const output = rowsOutput(ports);
  if (output === undefined) return 'there is no output [1,N,6]';
  if (input === undefined) return noImagePort(ports);
  if (input.type !== 'f32' || input.width === undefined || input.height === undefined) {
    return `the input is not f32 of a fixed size, but ${formatPorts(ports.inputs)}`;
  }
  if (ports.selection !== undefined && ports.selection !== 'peaks') return 'it does not select the peaks of a heat map';
  const others = otherBoxes(output, 2, 'xyxy');
  if (others !== undefined) return others;
  const { width, height } = input;
  return {
    name: 'centernet-boxes',
    reason: `it has an output of rows [1,N,6]: ${formatPorts([output])}`,
    evidence: isNamed(output) ? 'names' : 'shapes',
    labels: COCO_80,
    firstClassId: 0,
    detectionOutputs: [output],
    requiredOutputs: [output],
    candidateOutputs: [],
    encoding: detectionRows(output, { width, height }),
    prepare: image => feedImage(image, input),
    read(outputs) {
      const numbers = numbersAt(outputs, output);
      const all = Array.from({ length: Math.floor(numbers.length / ROW_LENGTH) }, (_, row) =>
        numbers.subarray(row * ROW_LENGTH, (row + 1) * ROW_LENGTH),
      );
      const rows = all.filter(row => row[4] !== 0);
      return {
        boxes: rows.flatMap(([xmin, ymin, xmax, ymax]) => [
          ymin! / height,
          xmin! / width,
          ymax! / height,
          xmax! / width,
        ]),
        scores: rows.map(row => row[4]!),
        classes: rows.map(row => row[5]!),
        count: rows.length,
      };
    },
  };
}

function rowsOutput({ outputs }: Ports): Port | undefined {
  const candidates = outputs.filter(({ shape: [batch = 1, , columns, ...more] }) => {
    return batch === 1 && columns === ROW_LENGTH && more.length === 0;
  });
  return candidates.find(isNamed) ?? candidates[0];
}

const isNamed = ({ names }: Port): boolean => names.some(name => name.includes('detections'));
