import { DecantError } from '../../errors.ts';
import { centernetBoxes } from './centernet-boxes.ts';
import type { Head, HeadMatcher } from './head.ts';
import type { Port, Ports } from './port.ts';
import { namelessDetection } from './nameless-detection.ts';
import { ssd7 } from './ssd7.ts';
import { tf2Detection } from './tf2-detection.ts';

const CONVENTIONS: readonly HeadMatcher[] = [tf2Detection, namelessDetection, centernetBoxes, ssd7];

export function matchHead(ports: Ports): Head | undefined {
  for (const match of CONVENTIONS) {
    const head = match(ports);
    if (head !== undefined) return head;
  }
  return undefined;
}

export function findHead(ports: Ports): Head {
  const head = matchHead(ports);
  if (head !== undefined) return head;
  const batch = ports.inputs.find(({ shape }) => shape.length === 4)?.shape[0];
  if (batch !== undefined && batch > 1) {
    throw new DecantError('unsupported', `the model has a batch size of ${batch}, and detectors run with 1`, {
      remedy: 'Convert it without --batch; decant runs several images in parallel anyway.',
    });
  }
  throw new DecantError(
    'unsupported',
    `unrecognized detector: no supported convention matches ${list(ports.inputs)} -> ${list(ports.outputs)}`,
    {
      remedy:
        'Supported are the TensorFlow 2 Object Detection API, CenterNet with decoding inside and SSD (DetectionOutput); ' +
        'decode the outputs of other models yourself.',
    },
  );
}

const list = (ports: readonly Port[]): string =>
  ports
    .map(({ names, type, shape }) => `${names[0] ?? '(no name)'} ${type}[${shape.map(size => size ?? '?').join(',')}]`)
    .join(', ');
