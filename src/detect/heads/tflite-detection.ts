import type { Head } from './head.ts';
import { liteFeeding } from './lite-feeding.ts';
import { numbersAt, portNamed, type Ports } from './port.ts';

const NAMES = ['', ':1', ':2', ':3'].map(suffix => `TFLite_Detection_PostProcess${suffix}`);

/**
 * TensorFlow Lite's op for detections, by the names that decant gives its outputs: `TFLite_Detection_PostProcess` `[1, N, 4]`
 * (ymin, xmin, ymax, xmax as fractions of the image), `:1` classes from 0 `[1, N]`, `:2` scores `[1, N]`, `:3` their number
 * `[1]`. Class names come from the IR.
 */
export function tfliteDetection(ports: Ports): Head | string {
  const [boxes, classes, scores, count] = NAMES.map(name => portNamed(ports.outputs, name));
  const missing = NAMES.find(name => portNamed(ports.outputs, name) === undefined);
  if (boxes === undefined || classes === undefined || scores === undefined || count === undefined) {
    return `there is no output '${missing!}'`;
  }
  const feeding = liteFeeding(ports);
  if (typeof feeding === 'string') return feeding;
  return {
    name: 'tflite-detection',
    reason: `it has the outputs ${NAMES.join(', ')}`,
    evidence: 'names',
    labels: new Map(),
    firstClassId: 0,
    detectionOutputs: [boxes, scores, classes],
    requiredOutputs: [boxes, scores, classes, count],
    candidateOutputs: [],
    encoding: { kind: 'columns', boxes, scores, classes, count, format: 'yxyx', unit: 'fractions' },
    ...feeding,
    read(outputs) {
      const found = numbersAt(outputs, scores);
      const valid = Math.floor(numbersAt(outputs, count)[0] ?? 0);
      return {
        boxes: numbersAt(outputs, boxes),
        scores: found,
        classes: numbersAt(outputs, classes),
        count: Math.min(Math.max(valid, 0), found.length),
      };
    },
  };
}
