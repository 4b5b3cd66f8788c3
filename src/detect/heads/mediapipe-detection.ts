import { DecantError } from '../../errors.ts';
import { describedHead } from './described-head.ts';
import type { Head } from './head.ts';
import { liteFeeding } from './lite-feeding.ts';
import { formatPorts, missingPorts, type Port, portNamed, type Ports } from './port.ts';

const NAMES = ['location', 'score'] as const;

/** As MediaPipe suppresses: the best of all classes, and as many as there are. */
const NMS = { iouThreshold: 0.3, scoreThreshold: 0.05, perClass: false, maxDetections: Infinity } as const;

/**
 * Detectors of MediaPipe's tasks without NMS, by the names that their files give to the outputs: `location` `[1, N, 4]`, offsets
 * of center y, center x, height and width from the anchors in the file; and `score` `[1, N, C]`. Class names come from the IR.
 */
export function mediapipeDetection(ports: Ports): Head | string {
  const [boxes, scores] = NAMES.map(name => portNamed(ports.outputs, name));
  if (boxes === undefined || scores === undefined) return missingPorts(ports.outputs, NAMES);
  const isReal = ({ type, shape }: Port): boolean => type === 'f32' && shape.length === 3 && shape[0] === 1;
  if (!isReal(boxes) || !isReal(scores) || boxes.shape[2] !== 4 || boxes.shape[1] !== scores.shape[1])
    return `the outputs are not f32 [1,N,4] and [1,N,C], but ${formatPorts([boxes, scores])}`;
  const feeding = liteFeeding(ports, { antialias: false });
  if (typeof feeding === 'string') return feeding;
  const { decoding } = ports;
  const head = describedHead(
    { ...ports, inputs: ports.inputs.map(port => ({ ...port, type: 'f32' })) },
    {
      outputs: { boxes: 'location', scores: 'score' },
      boxes: { format: 'cycxhw', scale: 'fractions', anchors: decoding?.anchors, variances: decoding?.variances },
      scores: { activation: decoding?.hasLogits === true ? 'sigmoid' : 'none' },
      nms: NMS,
    },
    { name: 'mediapipe-detection', reason: `it has the outputs ${NAMES.join(', ')}`, evidence: 'names' },
  );
  if (typeof head === 'string') return head;
  return {
    ...head,
    ...feeding,
    read(outputs, nms, image) {
      if (decoding === undefined) throw noAnchors();
      return head.read(outputs, nms, image);
    },
  };
}

const noAnchors = (): DecantError =>
  new DecantError('unsupported', 'the model does not contain the anchors of its boxes', {
    remedy: 'Convert the .tflite file with decant, which keeps what its metadata says about them.',
  });
