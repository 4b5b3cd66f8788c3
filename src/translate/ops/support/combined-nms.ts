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
import { knownDim } from '../../values.ts';
import { justAbove } from './nms.ts';

/** Below every score. */
const LOWEST = -3.4028234663852886e38;

interface Limits {
  readonly perClass: Value;
  readonly iouThreshold: Value;
  readonly scoreThreshold: Value;
  /** Rows of the result. */
  readonly total: number;
  readonly clip: boolean;
}

/** What is found in one picture: boxes [total, 4], scores [total], classes [total], and how many they are. */
type Found = readonly [boxes: Value, scores: Value, classes: Value, count: Value];

/** Suppression class by class, then the best of all classes. `boxes` [N, q, 4] with q = 1 for all classes or one each. */
function suppress(b: Builder, boxes: Value, scores: Value, limits: Limits): Found {
  const own = boxes.shape[1] !== 1;
  const column = (rows: Value, i: number): Value => squeeze(b, b.add(Gather, [rows, b.i64(i), b.scalar('i64', 1)]), 1);
  const byClass = b.add(Transpose, [scores, b.i64(1, 0)]);
  // Boxes of their own make of every class a picture.
  const [rows, scored] = b.addAll(
    NonMaxSuppression,
    [
      b.add(Transpose, [boxes, b.i64(1, 0, 2)]),
      unsqueeze(b, byClass, own ? 1 : 0),
      limits.perClass,
      justAbove(b, limits.iouThreshold),
      limits.scoreThreshold,
    ],
    { box_encoding: 'corner', sort_result_descending: false, output_type: 'i64' },
  );
  const classes = column(rows!, own ? 0 : 1);
  const place = column(rows!, 2);
  const flat = own
    ? b.add(GatherND, [boxes, concat(b, 1, [unsqueeze(b, place, 1), unsqueeze(b, classes, 1)])])
    : b.add(Gather, [squeeze(b, boxes, 1), place, b.scalar('i64', 0)]);
  const missing = (...sizes: readonly number[]): Value => b.add(Broadcast, [b.scalar('f32', 0), b.i64(...sizes)]);
  const padding = b.add(Broadcast, [b.scalar('f32', LOWEST), b.i64(limits.total)]);
  const candidates = concat(b, 0, [column(scored!, 2), padding]);
  const [best, order] = b.addAll(TopK, [candidates, b.scalar('i64', limits.total)], {
    axis: 0,
    index_element_type: 'i32',
  });
  const found = b.add(Gather, [
    b.add(ShapeOf, [rows!], { output_type: 'i32' }),
    b.scalar('i64', 0),
    b.scalar('i64', 0),
  ]);
  const isFound = b.add(Less, [order!, found]);
  const pick = (values: Value, ...rest: readonly number[]): Value =>
    b.add(Gather, [concat(b, 0, [values, missing(limits.total, ...rest)]), order!, b.scalar('i64', 0)]);
  const corners = pick(flat, 4);
  return [
    limits.clip ? b.add(Clamp, [corners], { min: 0, max: 1 }) : corners,
    b.add(Select, [isFound, best!, b.scalar('f32', 0)]),
    pick(convert(b, classes, 'f32')),
    b.add(Minimum, [found, b.scalar('i32', limits.total)]),
  ];
}

/** Inputs: boxes [N, B, q, 4], scores [N, B, C], the most boxes a class and a picture keep, and two thresholds. */
export function combinedNonMaxSuppression(op: TfOp, b: Builder): readonly Value[] {
  const [boxes, scores] = [op.input(0), op.input(1)];
  const pictures = boxes.shape[0];
  if (typeof pictures !== 'number') {
    throw new DecantError('unsupported', 'CombinedNonMaxSuppression over an unknown number of pictures', {
      remedy: 'Fix the batch with --input-shape.',
    });
  }
  const classes = knownDim(scores.shape[2], 'the number of classes');
  const perClass = op.integer(2, 'limit of a class');
  const total = op.integer(3, 'limit of a picture');
  const limits: Limits = {
    perClass: b.scalar('i64', perClass),
    iouThreshold: op.input(4),
    scoreThreshold: op.input(5),
    total: op.bool('pad_per_class', false) ? Math.min(total, perClass * classes) : total,
    clip: op.bool('clip_boxes', true),
  };
  const one = (x: Value, i: number): Value => b.add(Gather, [x, b.scalar('i64', i), b.scalar('i64', 0)]);
  const found = Array.from({ length: pictures }, (_, i) => suppress(b, one(boxes, i), one(scores, i), limits));
  return [0, 1, 2, 3].map(k =>
    concat(
      b,
      0,
      found.map(picture => unsqueeze(b, picture[k]!, 0)),
    ),
  );
}
