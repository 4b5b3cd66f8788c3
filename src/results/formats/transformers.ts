import type { Detection } from '../../detect/detection.ts';
import type { ResultFormat } from '../result-writer.ts';
import { text } from '../result-part.ts';

/** What the `object-detection` pipeline of transformers.js gives, box edges in whole pixels: an array a picture, on a line. */
export const transformers: ResultFormat = {
  name: 'transformers',
  summary: 'a line for each picture: [{score, label, box: {xmin, ymin, xmax, ymax}}], as transformers.js',
  output: 'text',
  writer: () => ({
    begin: () => [],
    write: ({ detections }) => text(`${JSON.stringify(detections.map(toItem))}\n`),
    end: () => [],
  }),
};

const toItem = ({ label, score, box: { xmin, ymin, xmax, ymax } }: Detection): object => ({
  score,
  label,
  box: { xmin: Math.trunc(xmin), ymin: Math.trunc(ymin), xmax: Math.trunc(xmax), ymax: Math.trunc(ymax) },
});
