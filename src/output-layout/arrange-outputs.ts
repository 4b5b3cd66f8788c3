import { findHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Ports } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import type { Graph } from '../ov/graph.ts';
import { imageInputPort } from '../preprocess/add-preprocessing.ts';
import type { Preprocessing } from '../preprocess/steps.ts';
import { frameArea } from './frame-area.ts';
import { toSsd7 } from './ssd7.ts';

/** A layout that the outputs of a detector can be given. */
export type OutputLayout = 'ssd7';

/**
 * The graph of a detector with its outputs in the layout `ssd7`.
 *
 * @param graph with preprocessing
 * @param own without it, as is `ports`
 * @throws DecantError `unsupported` for what is no detector of a known kind, and for one whose outputs have the layout
 */
export function arrangeOutputs(graph: Graph, own: Graph, ports: Ports, { input, outputs }: Preprocessing = {}): Graph {
  if (outputs !== undefined) {
    throw new DecantError('invalid-argument', 'steps on outputs do not go together with the layout ssd7');
  }
  const { name, encoding } = detectorOf(ports);
  if (encoding === undefined) throw new DecantError('unsupported', `the outputs are in the layout ${name} already`);
  if (input === undefined) return toSsd7(graph, encoding);
  const picture = imageInputPort(own, input.name);
  const [height, width] = [1, 2].map(axis => picture.value.shape[picture.layout === 'NHWC' ? axis : axis + 1]);
  const model = typeof height === 'number' && typeof width === 'number' ? { height, width } : undefined;
  return toSsd7(graph, encoding, b => frameArea(b, graph, picture.name, input, model));
}

function detectorOf(ports: Ports): Head {
  try {
    return findHead(ports);
  } catch (cause) {
    if (!(cause instanceof DecantError)) throw cause;
    throw new DecantError('unsupported', `the layout ssd7 is for detectors, and ${cause.message}`, {
      cause,
      remedy: 'Convert it without a layout; of a detector, leave all outputs and a batch of 1.',
    });
  }
}
