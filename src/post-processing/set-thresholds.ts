import { DecantError } from '../errors.ts';
import type { Graph } from '../ov/graph.ts';
import { justAbove } from '../ov/just-above.ts';
import { Greater } from '../ov/ops/comparison.ts';
import { Select } from '../ov/ops/condition.ts';
import { constantLike } from '../ov/shorthand.ts';
import { rewrite } from '../ov/rewrite.ts';
import { finalSteps } from './final-steps.ts';
import { noPostProcessing } from './refusals.ts';

const IOU_INPUT = 3;
const SCORE_INPUT = 4;
const SIGMA_INPUT = 5;

/** Sets the IoU threshold of the final NMS: of two boxes of a class that overlap more, the better one remains. */
export function setIouThreshold(graph: Graph, threshold: number): Graph {
  const { suppressions, peaks } = finalSteps(graph);
  if (peaks !== undefined) {
    throw new DecantError(
      'unsupported',
      'the IoU threshold cannot be set: the model takes the peaks of a heat map, without non-maximum suppression',
      { remedy: 'Leave the IoU threshold out.' },
    );
  }
  if (suppressions.size === 0) throw noPostProcessing('the IoU threshold cannot be set');
  if ([...suppressions].some(({ inputs }) => inputs.length > SIGMA_INPUT)) {
    throw new DecantError(
      'unsupported',
      'the IoU threshold cannot be set: the model uses soft NMS, which lowers the scores of overlapping boxes instead',
      { remedy: 'Leave the IoU threshold out, or set the score threshold.' },
    );
  }
  return rewrite(graph, (node, { b }) =>
    suppressions.has(node)
      ? b.rebuild(node, node.inputs.with(IOU_INPUT, justAbove(b, b.scalar('f32', threshold))))
      : undefined,
  );
}

/** Sets the score that detections must exceed: in the final NMS, or for the peaks of a heat map, of which others get 0. */
export function setScoreThreshold(graph: Graph, threshold: number): Graph {
  const { suppressions, peaks } = finalSteps(graph);
  if (suppressions.size === 0 && peaks === undefined) throw noPostProcessing('the score threshold cannot be set');
  return rewrite(graph, (node, { b }) => {
    if (suppressions.has(node)) return b.rebuild(node, node.inputs.with(SCORE_INPUT, b.scalar('f32', threshold)));
    if (node !== peaks) return undefined;
    const [scores, indices] = node.outputs;
    const isHigh = b.add(Greater, [scores!, constantLike(b, scores!, threshold)]);
    return [b.add(Select, [isHigh, scores!, constantLike(b, scores!, 0)]), indices!];
  });
}
