import { DecantError } from '../../errors.ts';
import { centernetBoxes } from './centernet-boxes.ts';
import type { Head, HeadMatcher } from './head.ts';
import type { Port, Ports } from './port.ts';
import { namelessDetection } from './nameless-detection.ts';
import { ssd7 } from './ssd7.ts';
import { tf2Detection } from './tf2-detection.ts';

/** Every convention that decant knows; the first one that matches is taken. */
export const HEADS: readonly HeadMatcher[] = [tf2Detection, namelessDetection, centernetBoxes, ssd7];

/** The head for a network of these ports, if it follows a known convention. */
export function matchHead(ports: Ports): Head | undefined {
  for (const match of HEADS) {
    const head = match(ports);
    if (head !== undefined) return head;
  }
  return undefined;
}

/** @throws DecantError `unsupported` when the network follows no known convention, or takes several pictures at once */
export function findHead(ports: Ports): Head {
  const head = matchHead(ports);
  if (head !== undefined) return head;
  const batch = ports.inputs.find(({ shape }) => shape.length === 4)?.shape[0];
  if (batch !== undefined && batch > 1) {
    throw new DecantError('unsupported', `this model takes ${batch} pictures at once, and detectors look at one`, {
      remedy: 'Convert it without --batch; many pictures run side by side all the same.',
    });
  }
  throw new DecantError(
    'unsupported',
    `these inputs and outputs are of no known kind of detector: ${list(ports.inputs)} -> ${list(ports.outputs)}`,
    { remedy: 'Run the model for its tensors and decode them yourself.' },
  );
}

const list = (ports: readonly Port[]): string =>
  ports
    .map(({ names, type, shape }) => `${names[0] ?? '(no name)'} ${type}[${shape.map(size => size ?? '?').join(',')}]`)
    .join(', ');
