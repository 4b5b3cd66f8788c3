import { HUMAN_HANDS } from '../../labels/human-hands.ts';
import type { Labels } from '../../labels/labels.ts';
import type { Head } from './head.ts';
import { numberedPorts } from './numbered-ports.ts';
import { formatPorts, isListed, otherBoxes, type Port, type Ports } from './port.ts';
import { imagePort, noImagePort } from './image-port.ts';
import { tf2Head, tf2Labels } from './tf2-detection.ts';

/** Of an SSD: anchor indices, boxes, classes, scores of all classes, scores, their number, and the candidates' boxes and scores. */
const ALL_OUTPUTS = 8;

/**
 * The TensorFlow 2 Object Detection API without output names, as in frozen graphs and TensorFlow.js models.
 *
 * TensorFlow numbers outputs by the alphabetical order of their names, so number and shape identify them: anchor indices,
 * then boxes (the first `[1, N, 4]`), then classes and scores (`[1, N]`), and at the end the boxes and scores of all candidates.
 * In another order, the graph shows which are the classes. They count from 1, unless it shows that they are plain indices.
 */
export function namelessDetection(ports: Ports): Head | string {
  const input = imagePort(ports);
  const outputs = numberedPorts(ports.outputs);
  const at = outputs.findIndex(({ shape }) => shape.length === 3 && shape[2] === 4);
  const boxes = outputs[at];
  if (outputs.length === 0) return 'the outputs are not numbered (Identity, Identity_1, ...)';
  if (boxes === undefined) return 'no numbered output is [1,N,4]';
  if (input === undefined) return noImagePort(ports);
  const isColumn = ({ shape }: Port): boolean => shape.length === 2 && shape[1] === boxes.shape[1];
  const afterBoxes = outputs.slice(at + 1);
  const areClasses = (port: Port): boolean => isListed(ports.indices, port) || isListed(ports.oneBased, port);
  const columns = outputs.filter(isColumn);
  const areShown = columns.length === 2 && columns.filter(areClasses).length === 1;
  const pair = areShown ? columns : afterBoxes.filter(isColumn);
  const [first, second, ...others] = pair;
  if (first === undefined || second === undefined || others.length > 0) {
    return `after ${formatPorts([boxes])} there are not two outputs [1,N], but ${formatPorts(pair)}`;
  }
  const order = ports.boxOrder === 'xy' ? 'the graph shows another order of boxes' : otherBoxes(boxes, 2, 'yxyx');
  if (order !== undefined) return order;
  if (input.type === 'f32' && (ports.firstCell === 0 || ports.firstCell === -0.5))
    return 'it decodes boxes from the grids of a YOLO';
  const count = outputs.find(({ shape }) => shape.length === 1);
  const isSwapped = areClasses(second) && !areClasses(first);
  if (isSwapped && input.type === 'u8' && count?.type === 'i32') return 'its outputs are those of EfficientDet';
  const isRenamed = !outputs.some(({ names }) => names.some(name => name.startsWith('Identity')));
  if (isRenamed && !areShown && outputs.length !== ALL_OUTPUTS) return 'the graph does not show which are the classes';
  const [classes, scores] = isSwapped ? [second, first] : [first, second];
  if (count === undefined && classes.type !== 'f32')
    return `there is no number of detections, and classes are ${classes.type}, unlike those of the API`;
  const countFromZero = isListed(ports.indices, classes) && !isListed(ports.oneBased, classes);
  const candidates = outputs.slice(outputs.indexOf(second)).filter(({ shape }) => shape.length === 3);
  const labels = labelsOf(candidates[1]);
  const found = `boxes (${formatPorts([boxes])}), classes (${classes.names[0]!}) and scores (${scores.names[0]!})`;
  const head = tf2Head(
    input,
    countFromZero ? new Map([...labels].map(([id, label]) => [id - 1, label])) : labels,
    { reason: `its numbered outputs have the shapes of ${found}`, evidence: 'shapes' },
    {
      boxes,
      scores,
      classes,
      count,
      indices: areShown ? undefined : outputs.slice(0, at).find(isColumn),
      candidates,
    },
  );
  return countFromZero ? { ...head, firstClassId: 0 } : head;
}

/** Recognizes the hand detector by its number of classes, which includes the background. */
function labelsOf(perClassScores: Port | undefined): Labels {
  const classCount = perClassScores?.shape[2];
  return classCount === HUMAN_HANDS.size + 1 ? HUMAN_HANDS : tf2Labels(classCount);
}
