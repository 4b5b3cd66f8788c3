import { HUMAN_HANDS } from '../../labels/human-hands.ts';
import type { Labels } from '../../labels/labels.ts';
import type { Head } from './head.ts';
import type { Port, Ports } from './port.ts';
import { imagePort } from './image-port.ts';
import { tf2Head, tf2Labels } from './tf2-detection.ts';

/** TensorFlow's names for the outputs of a function: `Identity`, `Identity_1`, with or without `:0`. */
const NUMBERED = /^Identity(?:_(\d+))?(?::0)?$/;

/**
 * The convention of the TensorFlow 2 Object Detection API with the names of the outputs lost, as in frozen graphs and in
 * models that went through TensorFlow.js. TensorFlow numbers outputs in the alphabetical order of their names, so that
 * their numbers and shapes tell what they are: the first `[1, N, 4]` are the boxes, and of the `[1, N]` behind them the
 * first one are the classes and the next one the scores. The indices of anchors stand before the boxes, the boxes and scores
 * of all candidates at the end.
 */
export function namelessDetection(ports: Ports): Head | undefined {
  const input = imagePort(ports);
  const outputs = inOrder(ports.outputs);
  const at = outputs.findIndex(({ shape }) => shape.length === 3 && shape[2] === 4);
  const boxes = outputs[at];
  if (input === undefined || boxes === undefined) return undefined;
  const isColumn = ({ shape }: Port): boolean => shape.length === 2 && shape[1] === boxes.shape[1];
  const behind = outputs.slice(at + 1);
  const [classes, scores, ...others] = behind.filter(isColumn);
  if (classes === undefined || scores === undefined || others.length > 0) return undefined;
  const candidates = behind.slice(behind.indexOf(scores)).filter(({ shape }) => shape.length === 3);
  return tf2Head(input, labelsOf(candidates[1]), {
    boxes,
    scores,
    classes,
    count: behind.find(({ shape }) => shape.length === 1),
    indices: outputs.slice(0, at).find(isColumn),
    candidates,
  });
}

/** The outputs by their numbers; none where one has another name. */
function inOrder(outputs: readonly Port[]): readonly Port[] {
  const numbers = new Map(outputs.map(port => [port, numberOf(port)]));
  return [...numbers.values()].includes(undefined) ? [] : outputs.toSorted((a, b) => numbers.get(a)! - numbers.get(b)!);
}

function numberOf({ names }: Port): number | undefined {
  const match = names.map(name => NUMBERED.exec(name)).find(found => found !== null);
  return match && Number(match[1] ?? 0);
}

/** Of the hands the scores for each class, among which the background counts, are told by their number. */
function labelsOf(perClass: Port | undefined): Labels {
  const columns = perClass?.shape[2];
  return columns === HUMAN_HANDS.size + 1 ? HUMAN_HANDS : tf2Labels(columns);
}
