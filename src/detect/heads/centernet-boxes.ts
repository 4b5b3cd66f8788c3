import { COCO_80 } from '../coco.ts';
import { detectionsOf, type Head, numbersAt, type Port, type Ports } from './head.ts';
import { feedPicture, pictureInput } from './picture-input.ts';

/** xmin, ymin, xmax, ymax in pixels of the network's input, score, class. */
const ROW = 6;

/** CenterNet with its decoding inside: f32 pixels 0..255 of a fixed size in, rows `[1, N, 6]` out, COCO's classes 0..79. */
export function centernetBoxes(ports: Ports): Head | undefined {
  const input = pictureInput(ports);
  const output = rowsOutput(ports);
  if (input?.type !== 'f32' || input.width === undefined || input.height === undefined || output === undefined) {
    return undefined;
  }
  const { width, height } = input;
  return {
    name: 'centernet-boxes',
    labels: COCO_80,
    firstClassId: 0,
    prepare: image => feedPicture(image, input),
    decode(outputs, size, labels) {
      const numbers = numbersAt(outputs, output);
      const scaleX = size.width / width;
      const scaleY = size.height / height;
      return Array.from({ length: Math.floor(numbers.length / ROW) }, (_, row) => {
        const at = row * ROW;
        return detectionsOf(labels, size, {
          classId: numbers[at + 5]!,
          score: numbers[at + 4]!,
          box: {
            xmin: numbers[at]! * scaleX,
            ymin: numbers[at + 1]! * scaleY,
            xmax: numbers[at + 2]! * scaleX,
            ymax: numbers[at + 3]! * scaleY,
          },
        });
      }).flat();
    },
  };
}

function rowsOutput({ outputs }: Ports): Port | undefined {
  const candidates = outputs.filter(({ shape: [batch = 1, , columns, ...more] }) => {
    return batch === 1 && columns === ROW && more.length === 0;
  });
  return candidates.find(({ names }) => names.some(name => name.includes('detections'))) ?? candidates[0];
}
