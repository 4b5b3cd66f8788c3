import type { Head } from './head.ts';
import { numbersAt, type Ports } from './port.ts';
import { feedImage, imagePort } from './image-port.ts';

/** Image, class, score, xmin, ymin, xmax, ymax. */
const ROW = 7;

/**
 * OpenVINO's DetectionOutput: pixels 0..255 in, one output `[1, 1, N, 7]` of rows with boxes as fractions of the frame;
 * the first row whose image is negative ends the list. Its classes are named by position in the IR's own list.
 */
export function ssd7(ports: Ports): Head | undefined {
  const input = imagePort(ports, ['NHWC', 'NCHW']);
  const [output, ...others] = ports.outputs;
  if (input === undefined || output === undefined || others.length > 0) return undefined;
  const [images = 1, lists = 1, , row, ...more] = output.shape;
  if (images !== 1 || lists !== 1 || row !== ROW || more.length > 0) return undefined;
  return {
    name: 'ssd7',
    labels: new Map(),
    firstClassId: 0,
    rows: [output],
    reads: [output],
    candidates: [],
    table: undefined,
    ofFrame: true,
    prepare: image => feedImage(image, input),
    read(outputs) {
      const numbers = numbersAt(outputs, output);
      const rows = Array.from({ length: Math.floor(numbers.length / ROW) }, (_, i) =>
        numbers.subarray(i * ROW, (i + 1) * ROW),
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
