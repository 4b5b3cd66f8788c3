import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { NonMaxSuppression, Pad, ROIPooling } from '../../ov/ops/feature-maps.ts';
import { Add, Subtract } from '../../ov/ops/elementwise.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { toChannelsFirst, toChannelsLast } from '../layout.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { concat, convert, squeeze, unsqueeze } from '../values.ts';

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
    unsqueeze(b, boxes, 0),
    unsqueeze(b, scores, 0, 1),
    convert(b, limits.most, 'i64'),
    limits.iouThreshold,
    limits.scoreThreshold,
    ...(limits.softSigma === undefined ? [] : [limits.softSigma]),
  ];
  const attrs = { box_encoding: 'corner', sort_result_descending: false, output_type: 'i32' } as const;
  const [selected, selectedScores, count] = b.addAll(NonMaxSuppression, inputs, attrs);
  const third = (rows: Value): Value => squeeze(b, b.add(Gather, [rows, b.i64(2), b.scalar('i64', 1)]), 1);
  return { indices: third(selected!), scores: third(selectedScores!), count: count! };
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

/**
 * Inputs: pictures [N, H, W, C], boxes [R, 4] = y1, x1, y2, x2 as fractions, the picture of each box, the size to cut to.
 * OpenVINO's bilinear ROIPooling samples the same points and gives 0 for those outside of the picture.
 */
function cropAndResize(op: TfOp, b: Builder): Value {
  const method = op.string('method', 'bilinear');
  if (method !== 'bilinear') throw new DecantError('unsupported', `CropAndResize with method '${method}'`);
  const [height, width] = op.integers(3, 'crop size');
  const picture = toChannelsFirst(b, convert(b, op.input(0), 'f32'));
  const corners = b.add(Gather, [op.input(1), b.i64(1, 0, 3, 2), b.scalar('i64', 1)]);
  const regions = concat(b, 1, [unsqueeze(b, convert(b, op.input(2), 'f32'), 1), corners]);
  const outside = op.float('extrapolation_value', 0);
  // What lies outside has the value 0 in ROIPooling: the picture is lowered by what it shall have, and raised again.
  const value = b.scalar('f32', outside);
  const lowered = outside === 0 ? picture : b.add(Subtract, [picture, value]);
  const cut = b.add(ROIPooling, [lowered, regions], {
    output_size: [height!, width!],
    output_roi: [height!, width!],
    pooled_h: height!,
    pooled_w: width!,
    spatial_scale: 1,
    method: 'bilinear',
  });
  return toChannelsLast(b, outside === 0 ? cut : b.add(Add, [cut, value]));
}

export const detection: Translators = {
  NonMaxSuppression: nonMaxSuppression,
  NonMaxSuppressionV2: nonMaxSuppression,
  NonMaxSuppressionV3: nonMaxSuppression,
  NonMaxSuppressionV4: nonMaxSuppression,
  NonMaxSuppressionV5: nonMaxSuppression,
  CropAndResize: cropAndResize,
};
