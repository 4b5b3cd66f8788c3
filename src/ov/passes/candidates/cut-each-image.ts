import { vector } from '../../../tensor/tensor.ts';
import type { Builder } from '../../builder.ts';
import type { Node, Value } from '../../graph.ts';
import { Add, Maximum, Multiply } from '../../ops/arithmetic.ts';
import { Equal, Greater, GreaterEqual, LessEqual } from '../../ops/comparison.ts';
import { Select } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { LogicalOr } from '../../ops/logical.ts';
import { ReduceLogicalAnd, ReduceMax, ReduceMin, ReduceSum } from '../../ops/reduction.ts';
import { TopK } from '../../ops/sort.ts';
import { columnOf, concat, constantLike, convert, reshape, unsqueeze } from '../../shorthand.ts';
import { ALWAYS, chooseBranch, NEVER, unlessFor } from './choose-branch.ts';
import { isSoft } from './more-rows.ts';
import { type Rows, rowsOf, rowsOfBranch } from './nms-of-boxes.ts';

/**
 * The outputs of an NMS of several images, or of classes with boxes of their own, with one class each. It selects the same
 * rows of the best boxes as of all if, in each image, these are all that it may select, or all that are above the threshold.
 *
 * @param kept boxes of each image that remain
 * @param most rows that the NMS selects of an image at most
 */
export function cutEachImage(b: Builder, nms: Node, kept: number, most: number): Rows {
  const [boxes, scores, , , threshold] = nms.inputs as readonly [Value, Value, Value, Value, Value];
  const [images, count] = boxes.shape as readonly [number, number];
  const numbers = Array.from({ length: images }, (_, image) => image);
  // In order of index, so that equal scores keep their order.
  const ranked = [reshape(b, scores, images, count), b.scalar('i32', kept)];
  const [highest, indices] = b.addAll(TopK, ranked, { axis: 1, sort: 'index' }) as readonly [Value, Value];
  const lowest = b.add(ReduceMin, [highest, b.i64(1)], { keep_dims: true });
  const isLowering = isSoft(nms);
  // Soft NMS lowers scores, so that a box may come after one that was left out: then rows must exceed the scores of all these.
  const above = isLowering ? b.add(Maximum, [b.add(ReduceMax, [lowest, b.i64(0, 1)]), threshold]) : threshold;
  const best = isLowering ? highest : b.add(Select, [b.add(Greater, [highest, lowest]), highest, threshold]);
  const starts = b.constant(
    vector(
      'i32',
      numbers.map(image => image * count),
    ),
  );
  const positions = b.add(Add, [indices, unsqueeze(b, starts, 1)]);
  const bestBoxes = b.add(Gather, [reshape(b, boxes, images * count, 4), positions, b.scalar('i64', 0)]);
  const [limit, iouThreshold, , ...others] = nms.inputs.slice(2);
  const limits = [limit!, iouThreshold!, above, ...others];
  const [selected, rowScores, total] = b.addAll(
    nms.op,
    [bestBoxes, unsqueeze(b, best, 1), ...limits],
    nms.attrs,
  ) as Rows;
  const image = columnOf(b, selected, 0);
  const position = b.add(Add, [b.add(Multiply, [image, constantLike(b, image, kept)]), columnOf(b, selected, 2)]);
  const box = convert(b, b.add(Gather, [reshape(b, indices, -1), position, b.scalar('i64', 0)]), selected.type);
  const imageAndClass = b.add(Gather, [selected, b.i64(0, 1), b.scalar('i64', 1)]);
  const rows: Rows = [concat(b, 1, [imageAndClass, unsqueeze(b, box, 1)]), rowScores, total];

  const isOfImage = b.add(Equal, [unsqueeze(b, b.constant(vector(image.type, numbers)), 1), unsqueeze(b, image, 0)]);
  const counts = b.add(ReduceSum, [convert(b, isOfImage, 'i32'), b.i64(1)], { keep_dims: true });
  const isMany = b.add(GreaterEqual, [counts, b.scalar('i32', most)]);
  const areAll = b.add(LessEqual, [isLowering ? above : lowest, threshold]);
  const condition = b.add(ReduceLogicalAnd, [b.add(LogicalOr, [isMany, areAll]), b.i64(0, 1)]);
  const all = [rowsOf(nms), unlessFor(nms.inputs, ALWAYS)] as const;
  return rowsOfBranch(b, chooseBranch(b, condition, [rows, NEVER], all));
}
