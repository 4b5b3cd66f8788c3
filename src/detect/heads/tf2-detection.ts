import { COCO_91 } from '../coco.ts';
import { labelsFor } from '../labels.ts';
import { detectionsOf, type Head, numbersAt, portNamed, type Ports } from './head.ts';
import { feedPicture, pictureInput } from './picture-input.ts';

/**
 * The TensorFlow 2 Object Detection API: the picture at its own size in; `detection_boxes` `[1, N, 4]` (ymin, xmin, ymax,
 * xmax as fractions of the picture), `detection_scores`, `detection_classes` (from 1) and `num_detections` out.
 */
export function tf2Detection(ports: Ports): Head | undefined {
  const input = pictureInput(ports);
  const boxesPort = portNamed(ports.outputs, 'detection_boxes');
  const scoresPort = portNamed(ports.outputs, 'detection_scores');
  const classesPort = portNamed(ports.outputs, 'detection_classes');
  const countPort = portNamed(ports.outputs, 'num_detections');
  if (input === undefined || boxesPort === undefined || scoresPort === undefined || classesPort === undefined) {
    return undefined;
  }
  const classCount = classCountOf(ports);
  return {
    name: 'tf2-detection',
    labels: classCount === undefined ? COCO_91 : labelsFor(classCount),
    firstClassId: 1,
    prepare: image => feedPicture(image, input),
    decode(outputs, size, labels) {
      const boxes = numbersAt(outputs, boxesPort);
      const scores = numbersAt(outputs, scoresPort);
      const classes = numbersAt(outputs, classesPort);
      // Rows above the count are padding.
      const count = countPort === undefined ? scores.length : (numbersAt(outputs, countPort)[0] ?? 0);
      return Array.from({ length: Math.min(count, scores.length) }, (_, row) => {
        const at = row * 4;
        return detectionsOf(labels, size, {
          classId: classes[row]!,
          score: scores[row]!,
          box: {
            xmin: boxes[at + 1]! * size.width,
            ymin: boxes[at]! * size.height,
            xmax: boxes[at + 3]! * size.width,
            ymax: boxes[at + 2]! * size.height,
          },
        });
      }).flat();
    },
  };
}

/** How many classes the network tells apart, which only the optional outputs with a score for each of them say. */
const classCountOf = ({ outputs }: Ports): number | undefined =>
  (portNamed(outputs, 'detection_multiclass_scores') ?? portNamed(outputs, 'raw_detection_scores'))?.shape[2];
