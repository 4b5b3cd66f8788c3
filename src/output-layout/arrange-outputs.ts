import { type HeadChoice, findHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Ports } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import type { Graph } from '../ov/graph.ts';
import { imageInputPort } from '../preprocess/image-input-port.ts';
import type { Preprocessing } from '../preprocess/steps.ts';
import { frameArea, imageSize } from './frame-area.ts';
import { toSsd7 } from './ssd7.ts';

export type OutputLayout = 'ssd7';

/**
 * Rewrites the outputs of a detector to the layout `ssd7`.
 *
 * @param graph with preprocessing
 * @param original without preprocessing
 * @param ports of `original`
 * @throws DecantError `unsupported` if the model is not a known kind of detector, or has this layout already
 */
export function arrangeOutputs(
  graph: Graph,
  original: Graph,
  ports: Ports,
  {
    head,
    steps: { input, outputs } = {},
  }: { readonly head?: HeadChoice | undefined; readonly steps?: Preprocessing | undefined } = {},
): Graph {
  if (outputs !== undefined) {
    throw new DecantError('invalid-argument', 'output steps cannot be combined with the layout ssd7');
  }
  const detector = detectorOf(ports, head);
  const { encoding } = detector;
  if (encoding === undefined) throw withoutLayout(detector);
  const { name, layout, value } = imageInputPort(original, input?.name);
  const [height, width] = value.shape.slice(layout === 'NHWC' ? 1 : 2);
  const model = typeof height === 'number' && typeof width === 'number' ? { height, width } : undefined;
  const steps = input ?? { layout };
  return toSsd7(
    graph,
    encoding,
    b => imageSize(b, graph, name, steps, model),
    b => frameArea(b, graph, name, steps, model),
  );
}

function withoutLayout({ name, candidates, nms }: Head): DecantError {
  if (name === 'ssd7') {
    return new DecantError('unsupported', `the outputs already have the layout ${name}`, {
      remedy: 'Leave the output layout out.',
    });
  }
  return new DecantError('unsupported', `the layout ssd7 cannot be made from the outputs of ${name}`, {
    remedy:
      candidates?.boxes === 'centers'
        ? 'Add --nms, which lets the model select its detections.'
        : nms === undefined
          ? 'Leave the output layout out: `decant detect` and `decant serve` read the outputs as they are.'
          : 'Leave the output layout out: `decant detect` and `decant serve` suppress boxes that overlap.',
  });
}

function detectorOf(ports: Ports, chosen: HeadChoice | undefined): Head {
  try {
    return findHead(ports, chosen);
  } catch (cause) {
    if (!(cause instanceof DecantError)) throw cause;
    throw new DecantError('unsupported', `the layout ssd7 is for detectors only: ${cause.message}`, {
      cause,
      remedy: 'Leave --layout out; for a detector, keep all outputs and a batch of 1.',
    });
  }
}
