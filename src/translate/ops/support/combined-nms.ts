import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Less } from '../../../ov/ops/comparison.ts';
import { Minimum } from '../../../ov/ops/arithmetic.ts';
import { Broadcast, Transpose } from '../../../ov/ops/movement.ts';
import { NonMaxSuppression, TopK } from '../../../ov/ops/sort.ts';
import { Gather, GatherND } from '../../../ov/ops/gather.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Clamp } from '../../../ov/ops/activation.ts';
import { concat, convert, squeeze, unsqueeze } from '../../../ov/shorthand.ts';
import type { TfOp } from '../../tf-op.ts';
import { knownDim } from '../../known-dim.ts';
import { justAbove } from './nms.ts';

const LOWEST_SCORE = -3.4028234663852886e38;

interface CombinedNmsParameters {
  readonly maxPerClass: Value;
  readonly iouThreshold: Value;
  readonly scoreThreshold: Value;
  readonly outputSize: number;
  readonly clipBoxes: boolean;
}

/** Selected boxes of one image: boxes [outputSize, 4], scores [outputSize], classes [outputSize], count []. */
type SelectedBoxes = readonly [boxes: Value, scores: Value, classes: Value, count: Value];

/**
 * Selects boxes per class, then the best of all classes.
 *
 * @param boxes [B, q, 4], where q is 1, or the number of classes if each has its own boxes
 * @param scores [B, C]
 */
function selectBoxes(b: Builder, boxes: Value, scores: Value, parameters: CombinedNmsParameters): SelectedBoxes {
  const hasBoxesPerClass = boxes.shape[1] !== 1;
  const column = (rows: Value, i: number): Value => squeeze(b, b.add(Gather, [rows, b.i64(i), b.scalar('i64', 1)]), 1);
  const byClass = b.add(Transpose, [scores, b.i64(1, 0)]);
  // Boxes per class are passed as a batch with one image per class.
  const [selected, selectedScores] = b.addAll(
    NonMaxSuppression,
    [
      b.add(Transpose, [boxes, b.i64(1, 0, 2)]),
      unsqueeze(b, byClass, hasBoxesPerClass ? 1 : 0),
      parameters.maxPerClass,
      justAbove(b, parameters.iouThreshold),
      parameters.scoreThreshold,
    ],
    { box_encoding: 'corner', sort_result_descending: false, output_type: 'i64' },
  );
  const classes = column(selected!, hasBoxesPerClass ? 0 : 1);
  const boxIndex = column(selected!, 2);
  const selectedBoxes = hasBoxesPerClass
    ? b.add(GatherND, [boxes, concat(b, 1, [unsqueeze(b, boxIndex, 1), unsqueeze(b, classes, 1)])])
    : b.add(Gather, [squeeze(b, boxes, 1), boxIndex, b.scalar('i64', 0)]);
  const zeros = (...sizes: readonly number[]): Value => b.add(Broadcast, [b.scalar('f32', 0), b.i64(...sizes)]);
  const padding = b.add(Broadcast, [b.scalar('f32', LOWEST_SCORE), b.i64(parameters.outputSize)]);
  const candidates = concat(b, 0, [column(selectedScores!, 2), padding]);
  const [bestScores, order] = b.addAll(TopK, [candidates, b.scalar('i64', parameters.outputSize)], {
    axis: 0,
    index_element_type: 'i32',
  });
  const count = b.add(Gather, [
    b.add(ShapeOf, [selected!], { output_type: 'i32' }),
    b.scalar('i64', 0),
    b.scalar('i64', 0),
  ]);
  const isSelected = b.add(Less, [order!, count]);
  const pick = (values: Value, ...rest: readonly number[]): Value =>
    b.add(Gather, [concat(b, 0, [values, zeros(parameters.outputSize, ...rest)]), order!, b.scalar('i64', 0)]);
  const corners = pick(selectedBoxes, 4);
  return [
    parameters.clipBoxes ? b.add(Clamp, [corners], { min: 0, max: 1 }) : corners,
    b.add(Select, [isSelected, bestScores!, b.scalar('f32', 0)]),
    pick(convert(b, classes, 'f32')),
    b.add(Minimum, [count, b.scalar('i32', parameters.outputSize)]),
  ];
}

export function combinedNonMaxSuppression(op: TfOp, b: Builder): readonly Value[] {
  const boxes = op.input(0);
  const scores = op.input(1);
  const batchSize = boxes.shape[0];
  if (typeof batchSize !== 'number') {
    throw new DecantError('unsupported', 'CombinedNonMaxSuppression with an unknown batch size is not supported', {
      remedy: 'Fix the batch size with --input-shape.',
    });
  }
  const classes = knownDim(scores.shape[2], 'the number of classes');
  const maxPerClass = op.integer(2, 'maximum per class');
  const maxTotal = op.integer(3, 'maximum per image');
  const parameters: CombinedNmsParameters = {
    maxPerClass: b.scalar('i64', maxPerClass),
    iouThreshold: op.input(4),
    scoreThreshold: op.input(5),
    outputSize: op.bool('pad_per_class', false) ? Math.min(maxTotal, maxPerClass * classes) : maxTotal,
    clipBoxes: op.bool('clip_boxes', true),
  };
  const one = (x: Value, i: number): Value => b.add(Gather, [x, b.scalar('i64', i), b.scalar('i64', 0)]);
  const images = Array.from({ length: batchSize }, (_, i) => selectBoxes(b, one(boxes, i), one(scores, i), parameters));
  return [0, 1, 2, 3].map(k =>
    concat(
      b,
      0,
      images.map(image => unsqueeze(b, image[k]!, 0)),
    ),
  );
}
