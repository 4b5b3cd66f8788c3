import type { Detection } from '../../detect/detection.ts';
import type { ResultFormat } from '../result-writer.ts';
import { textPart } from '../result-part.ts';

/** The return value of the `object-detection` pipeline in transformers.js, one line per image; edges in whole pixels. */
export const transformers: ResultFormat = {
  name: 'transformers',
  summary: 'one line per image: [{score, label, box: {xmin, ymin, xmax, ymax}}], as transformers.js',
  output: 'text',
  writer: () => ({
    begin: () => [],
    write: ({ detections }) => textPart(`${JSON.stringify(detections.map(toItem))}\n`),
    end: () => [],
  }),
};

const toItem = ({ label, score, box: { xmin, ymin, xmax, ymax } }: Detection): object => ({
  score,
  label,
  box: { xmin: Math.trunc(xmin), ymin: Math.trunc(ymin), xmax: Math.trunc(xmax), ymax: Math.trunc(ymax) },
});
