import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Subtract } from '../../../ov/ops/arithmetic.ts';
import { NonMaxSuppression } from '../../../ov/ops/sort.ts';
import { Pad } from '../../../ov/ops/movement.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { convert, reshape, squeeze, unsqueeze } from '../../../ov/shorthand.ts';
import { numbersOf } from '../../../tensor/tensor.ts';
import type { Translator } from '../../translator.ts';

/** Ops of detectors: suppression of overlapping boxes, and pictures cut out of feature maps. */

interface Suppressed {
  /** Positions of the boxes that are kept, best first: i32 [K]. */
  readonly indices: Value;
  /** Their scores: f32 [K]. */
  readonly scores: Value;
  /** K: i32 [1]. */
  readonly count: Value;
}

interface Limits {
  readonly most: Value;
  readonly iouThreshold: Value;
  readonly scoreThreshold: Value;
  readonly softSigma?: Value;
}

/** Suppression among the boxes [N, 4] of one class with scores [N]. */
function suppress(b: Builder, boxes: Value, scores: Value, limits: Limits): Suppressed {
  const inputs = [
    // OpenVINO insists on the four.
    boxes.shape[1] === 4 ? unsqueeze(b, boxes, 0) : reshape(b, boxes, 1, -1, 4),
    unsqueeze(b, scores, 0, 1),
    convert(b, limits.most, 'i64'),
    justAbove(b, limits.iouThreshold),
    limits.scoreThreshold,
    ...(limits.softSigma === undefined ? [] : [limits.softSigma]),
  ];
  const attrs = { box_encoding: 'corner', sort_result_descending: false, output_type: 'i32' } as const;
  const [selected, selectedScores, count] = b.addAll(NonMaxSuppression, inputs, attrs);
  const third = (rows: Value): Value => squeeze(b, b.add(Gather, [rows, b.i64(2), b.scalar('i64', 1)]), 1);
  return { indices: third(selected!), scores: third(selectedScores!), count: count! };
}

/** What is smaller counts as 0 on devices. */
const SMALLEST = 2 ** -126;

/** The next larger number: TensorFlow drops boxes that overlap by more than the threshold, OpenVINO those that reach it. */
export function justAbove(b: Builder, threshold: Value): Value {
  const { constant } = threshold.node;
  if (constant === undefined) return threshold;
  const bits = Float32Array.of(numbersOf(constant)[0]!);
  new Int32Array(bits.buffer)[0]! += 1;
  return b.scalar('f32', Math.max(bits[0]!, SMALLEST));
}

/** Zeros behind what was selected, up to the most that could be. */
function padTo(b: Builder, values: Value, suppressed: Suppressed, most: Value): Value {
  const missing = b.add(Subtract, [convert(b, unsqueeze(b, most, 0), 'i64'), convert(b, suppressed.count, 'i64')]);
  return b.add(Pad, [values, b.i64(0), missing, b.scalar(values.type, 0)]);
}

/** A threshold below every score: none. */
const noThreshold = (b: Builder): Value => b.scalar('f32', -Infinity);

export const nonMaxSuppression: Translator = (op, b) => {
  const version = Number(/\d+$/.exec(op.type)?.[0] ?? 1);
  const most = op.input(2);
  const softSigma = version === 5 ? op.input(5) : undefined;
  const limits: Limits = {
    most,
    iouThreshold: version === 1 ? b.scalar('f32', op.float('iou_threshold', 0.5)) : convert(b, op.input(3), 'f32'),
    scoreThreshold: version < 3 ? noThreshold(b) : convert(b, op.input(4), 'f32'),
    ...(softSigma === undefined || isZero(softSigma) ? {} : { softSigma: convert(b, softSigma, 'f32') }),
  };
  const [boxes, scores] = [convert(b, op.input(0), 'f32'), convert(b, op.input(1), 'f32')];
  const found = suppress(b, boxes, scores, limits);
  const padded = version >= 4 && op.bool('pad_to_max_output_size', false);
  const finish = (values: Value): Value => (padded ? padTo(b, values, found, most) : values);
  const count = squeeze(b, found.count, 0);
  switch (version) {
    case 4:
      return [finish(found.indices), count];
    case 5:
      return [finish(found.indices), finish(convert(b, found.scores, op.input(1).type)), count];
    default:
      return found.indices;
  }
};

const isZero = ({ node }: Value): boolean => node.constant !== undefined && Number(node.constant.data[0]) === 0;
