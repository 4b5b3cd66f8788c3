import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { NonMaxSuppression, Pad, ROIPooling } from '../../ov/ops/feature-maps.ts';
import {
  Add,
  Divide,
  GreaterEqual,
  LessEqual,
  LogicalAnd,
  Maximum,
  Minimum,
  Multiply,
  Subtract,
} from '../../ov/ops/elementwise.ts';
import { Broadcast } from '../../ov/ops/expand.ts';
import { Gather, GatherND } from '../../ov/ops/gather.ts';
import { ShapeOf } from '../../ov/ops/reshape.ts';
import { Select } from '../../ov/ops/select.ts';
import { Round } from '../../ov/ops/unary.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { toChannelsFirst, toChannelsLast } from '../layout.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { concat, convert, reshape, squeeze, unsqueeze } from '../values.ts';

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

const nonMaxSuppression: Translator = (op, b) => {
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

/** Inputs: pictures [N, H, W, C], boxes [R, 4] = y1, x1, y2, x2 as fractions, the picture of each box, the size to cut to. */
function cropAndResize(op: TfOp, b: Builder): Value {
  const [height, width] = op.integers(3, 'crop size');
  const size = [height!, width!] as const;
  const picture = convert(b, op.input(0), 'f32');
  const outside = op.float('extrapolation_value', 0);
  const method = op.string('method', 'bilinear');
  if (method === 'nearest') return cropNearest(b, picture, op.input(1), op.input(2), size, outside);
  if (method === 'bilinear') return cropBilinear(b, picture, op.input(1), op.input(2), size, outside);
  throw new DecantError('malformed', `CropAndResize with method '${method}'`);
}

/** OpenVINO's bilinear ROIPooling samples the same points as TensorFlow, and gives 0 for those outside of the picture. */
function cropBilinear(
  b: Builder,
  picture: Value,
  boxes: Value,
  pictures: Value,
  [height, width]: readonly [number, number],
  outside: number,
): Value {
  const corners = b.add(Gather, [boxes, b.i64(1, 0, 3, 2), b.scalar('i64', 1)]);
  const regions = concat(b, 1, [unsqueeze(b, convert(b, pictures, 'f32'), 1), corners]);
  // The picture is lowered by what its outside shall be, so that this is 0, and raised again.
  const value = b.scalar('f32', outside);
  const lowered = outside === 0 ? picture : b.add(Subtract, [picture, value]);
  const cut = b.add(ROIPooling, [toChannelsFirst(b, lowered), regions], {
    output_size: [height, width],
    output_roi: [height, width],
    pooled_h: height,
    pooled_w: width,
    spatial_scale: 1,
    method: 'bilinear',
  });
  const result = toChannelsLast(b, cut);
  return outside === 0 ? result : b.add(Add, [result, value]);
}

/** The pixels nearest to the points that are sampled. */
function cropNearest(
  b: Builder,
  picture: Value,
  boxes: Value,
  pictures: Value,
  size: readonly [number, number],
  outside: number,
): Value {
  const number = (value: number): Value => b.scalar('f32', value);
  const shape = b.add(ShapeOf, [picture], { output_type: 'i32' });
  const corner = (i: number): Value => b.add(Gather, [boxes, b.i64(i), b.scalar('i64', 1)]);
  /** Along one axis: pixel numbers [R, size], and which of them are inside the picture. */
  const along = (axis: 0 | 1): readonly [Value, Value] => {
    const sizeOfAxis = b.add(Gather, [shape, b.scalar('i64', axis + 1), b.scalar('i64', 0)]);
    const last = b.add(Subtract, [convert(b, sizeOfAxis, 'f32'), number(1)]);
    const [from, to] = [corner(axis), corner(axis + 2)];
    const count = size[axis];
    const steps = b.constant({
      type: 'f32',
      shape: [1, count],
      data: Float32Array.from({ length: count }, (_, i) => i),
    });
    const span = b.add(Multiply, [b.add(Subtract, [to, from]), last]);
    const step = b.add(Divide, [span, number(Math.max(count - 1, 1))]);
    const start = b.add(Multiply, [from, last]);
    const middle = b.add(Multiply, [b.add(Multiply, [b.add(Add, [from, to]), number(0.5)]), last]);
    const points = count > 1 ? b.add(Add, [start, b.add(Multiply, [steps, step])]) : middle;
    const isInside = b.add(LogicalAnd, [b.add(GreaterEqual, [points, number(0)]), b.add(LessEqual, [points, last])]);
    const nearest = b.add(Round, [b.add(Minimum, [b.add(Maximum, [points, number(0)]), last])], {
      mode: 'half_away_from_zero',
    });
    return [convert(b, nearest, 'i32'), isInside];
  };
  const [rows, rowInside] = along(0);
  const [columns, columnInside] = along(1);
  const parts = [unsqueeze(b, convert(b, pictures, 'i32'), 1, 2), unsqueeze(b, rows, 2), unsqueeze(b, columns, 1)];
  const grid = concat(b, 0, [b.add(ShapeOf, [pictures]), b.i64(...size)]);
  const places = concat(
    b,
    3,
    parts.map(part => unsqueeze(b, b.add(Broadcast, [part, grid]), 3)),
  );
  const isInside = b.add(LogicalAnd, [unsqueeze(b, rowInside, 2), unsqueeze(b, columnInside, 1)]);
  return b.add(Select, [unsqueeze(b, isInside, 3), b.add(GatherND, [picture, places]), number(outside)]);
}

export const detection: Translators = {
  NonMaxSuppression: nonMaxSuppression,
  NonMaxSuppressionV2: nonMaxSuppression,
  NonMaxSuppressionV3: nonMaxSuppression,
  NonMaxSuppressionV4: nonMaxSuppression,
  NonMaxSuppressionV5: nonMaxSuppression,
  CropAndResize: cropAndResize,
};
