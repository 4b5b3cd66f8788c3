import { HUMAN_HANDS } from '../../labels/human-hands.ts';
import type { Labels } from '../../labels/labels.ts';
import type { Head } from './head.ts';
import { numberedPorts } from './numbered-ports.ts';
import { formatPorts, type Port, type Ports } from './port.ts';
import { imagePort, noImagePort } from './image-port.ts';
import { tf2Head, tf2Labels } from './tf2-detection.ts';

const NUMBERED = /^Identity(?:_(\d+))?(?::0)?$/;

/**
 * The TensorFlow 2 Object Detection API without output names, as in frozen graphs and TensorFlow.js models.
 *
 * TensorFlow numbers outputs by the alphabetical order of their names, so number and shape identify them: anchor indices,
 * then boxes (the first `[1, N, 4]`), then classes and scores (`[1, N]`), and at the end the boxes and scores of all candidates.
 */
export function namelessDetection(ports: Ports): Head | string {
  const input = imagePort(ports);
  const outputs = numberedPorts(ports.outputs, NUMBERED);
  const at = outputs.findIndex(({ shape }) => shape.length === 3 && shape[2] === 4);
  const boxes = outputs[at];
  if (outputs.length === 0) return 'the outputs are not numbered (Identity, Identity_1, ...)';
  if (boxes === undefined) return 'no numbered output is [1,N,4]';
  if (input === undefined) return noImagePort(ports);
  const isColumn = ({ shape }: Port): boolean => shape.length === 2 && shape[1] === boxes.shape[1];
  const afterBoxes = outputs.slice(at + 1);
  const [classes, scores, ...others] = afterBoxes.filter(isColumn);
  if (classes === undefined || scores === undefined || others.length > 0) {
    return `after ${formatPorts([boxes])} there are not two outputs [1,N], but ${formatPorts(afterBoxes.filter(isColumn))}`;
  }
  if (ports.indices?.some(name => scores.names.includes(name)) === true || ports.boxOrder === 'xy') {
    return 'the graph shows another order of boxes, classes or scores';
  }
  const candidates = afterBoxes.slice(afterBoxes.indexOf(scores)).filter(({ shape }) => shape.length === 3);
  const reason = `its numbered outputs have the shapes of boxes (${formatPorts([boxes])}), classes and scores, in this order`;
  return tf2Head(
    input,
    labelsOf(candidates[1]),
    { reason, evidence: 'shapes' },
    {
      boxes,
      scores,
      classes,
      count: afterBoxes.find(({ shape }) => shape.length === 1),
      indices: outputs.slice(0, at).find(isColumn),
      candidates,
    },
  );
}

/** Recognizes the hand detector by its number of classes, which includes the background. */
function labelsOf(perClassScores: Port | undefined): Labels {
  const classCount = perClassScores?.shape[2];
  return classCount === HUMAN_HANDS.size + 1 ? HUMAN_HANDS : tf2Labels(classCount);
}
