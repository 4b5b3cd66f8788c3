import type { Detection } from '../../detect/detection.ts';
import type { ResultFormat } from '../result-writer.ts';
import { rounded, textPart } from '../result-part.ts';

/** The return value of `to_json()` of an Ultralytics result, one line per image. */
export const ultralytics: ResultFormat = {
  name: 'ultralytics',
  summary: "one line per image: [{name, class, confidence, box: {x1, y1, x2, y2}}], Ultralytics' JSON",
  output: 'text',
  writer: () => ({
    begin: () => [],
    write: ({ detections }) => textPart(`${JSON.stringify(detections.map(toSummary))}\n`),
    end: () => [],
  }),
};

const toSummary = ({ label, classId, score, box: { xmin, ymin, xmax, ymax }, keypoints }: Detection): object => ({
  name: label,
  class: classId,
  confidence: rounded(score, 5),
  box: { x1: rounded(xmin, 5), y1: rounded(ymin, 5), x2: rounded(xmax, 5), y2: rounded(ymax, 5) },
  ...(keypoints && {
    keypoints: {
      x: keypoints.map(({ x }) => rounded(x, 5)),
      y: keypoints.map(({ y }) => rounded(y, 5)),
      visible: keypoints.map(({ score }) => rounded(score, 5)),
    },
  }),
});
