import type { Head } from './head.ts';
import { formatPorts, numbersAt, otherBoxes, type Ports } from './port.ts';
import { feedImage, imagePort, noImagePort } from './image-port.ts';

const ROW_LENGTH = 7;

/**
 * OpenVINO's DetectionOutput: pixels 0..255 in; rows `[1, 1, N, 7]` out, of image, class id, score, and xmin, ymin, xmax,
 * ymax as fractions of the frame. The first row with a negative image ends the list. Class names come from the IR.
 */
export function ssd7(ports: Ports): Head | string {
  const input = imagePort(ports, ['NHWC', 'NCHW']);
  const [output, ...others] = ports.outputs;
  if (output === undefined || others.length > 0) return `there is not one output, but ${ports.outputs.length}`;
  const [images = 1, lists = 1, , row, ...more] = output.shape;
  if (images !== 1 || lists !== 1 || row !== ROW_LENGTH || more.length > 0) {
    return `the output is not [1,1,N,7], but ${formatPorts([output])}`;
  }
  if (input === undefined) return noImagePort(ports);
  const otherOrder = otherBoxes(output, 3, 'xyxy', 3);
  if (otherOrder !== undefined) return otherOrder;
  return {
    name: 'ssd7',
    reason: `its only output is rows [1,1,N,7]: ${formatPorts([output])}`,
    evidence: 'shapes',
    labels: new Map(),
    firstClassId: 0,
    detectionOutputs: [output],
    requiredOutputs: [output],
    candidateOutputs: [],
    encoding: undefined,
    boxesInFrame: true,
    prepare: image => feedImage(image, input),
    read(outputs) {
      const numbers = numbersAt(outputs, output);
      const rows = Array.from({ length: Math.floor(numbers.length / ROW_LENGTH) }, (_, i) =>
        numbers.subarray(i * ROW_LENGTH, (i + 1) * ROW_LENGTH),
      );
      const end = rows.findIndex(([image]) => image! < 0);
      return {
        boxes: rows.flatMap(([, , , xmin, ymin, xmax, ymax]) => [ymin!, xmin!, ymax!, xmax!]),
        scores: rows.map(([, , score]) => score!),
        classes: rows.map(([, classId]) => classId!),
        count: end < 0 ? rows.length : end,
      };
    },
  };
}
