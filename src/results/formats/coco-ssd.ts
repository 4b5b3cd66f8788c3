import type { Detection } from '../../detect/detection.ts';
import type { ResultFormat } from '../result-writer.ts';
import { textPart } from '../result-part.ts';

/** The return value of `detect` in `@tensorflow-models/coco-ssd`, one line per image. */
export const cocoSsd: ResultFormat = {
  name: 'coco-ssd',
  summary: 'one line per image: [{bbox: [x, y, width, height], class, score}], as @tensorflow-models/coco-ssd',
  output: 'text',
  writer: () => ({
    begin: () => [],
    write: ({ detections }) => textPart(`${JSON.stringify(detections.map(toDetectedObject))}\n`),
    end: () => [],
  }),
};

const toDetectedObject = ({ label, score, box: { xmin, ymin, xmax, ymax } }: Detection): object => ({
  bbox: [xmin, ymin, xmax - xmin, ymax - ymin],
  class: label,
  score,
});
