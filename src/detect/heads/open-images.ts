import { describedHead } from './described-head.ts';
import type { Head } from './head.ts';
import { imagePort, noImagePort } from './image-port.ts';
import { formatPorts, missingPorts, type Port, portNamed, type Ports } from './port.ts';

const NAMES = ['detection_boxes', 'detection_scores', 'detection_class_labels'] as const;

/**
 * TensorFlow Hub's detectors for Open Images: f32 image 0..1; `detection_boxes` `[N, 4]` of ymin, xmin, ymax, xmax as fractions
 * of the image, `detection_scores` `[N]`, and `detection_class_labels` `[N]` from 1.
 */
export function openImages(ports: Ports): Head | string {
  const found = NAMES.map(name => portNamed(ports.outputs, name)).filter(port => port !== undefined);
  const [boxes, ...columns] = found;
  if (boxes === undefined || found.length < NAMES.length) return missingPorts(ports.outputs, NAMES);
  const hasNoBatch = ({ shape }: Port, rank: number): boolean => shape.length === rank;
  if (!hasNoBatch(boxes, 2) || boxes.shape[1] !== 4 || !columns.every(port => hasNoBatch(port, 1)))
    return `the outputs are not [N,4], [N] and [N], but ${formatPorts(found)}`;
  const input = imagePort(ports);
  if (input?.type !== 'f32') return noImagePort(ports);
  const head = describedHead(
    ports,
    {
      input: { scale: [255, 255, 255] },
      outputs: { boxes: NAMES[0], scores: NAMES[1], classes: NAMES[2] },
      boxes: { format: 'yxyx', scale: 'fractions' },
      classes: { first: 1 },
    },
    { name: 'open-images', reason: `it has the outputs ${NAMES.join(', ')}`, evidence: 'names' },
  );
  return typeof head === 'string' ? head : { ...head, detectionOutputs: found };
}
