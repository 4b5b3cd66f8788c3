import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Exp } from '../../../ov/ops/activation.ts';
import { Add, Divide, Minimum, Multiply, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { Broadcast, Pad, Transpose } from '../../../ov/ops/movement.ts';
import { ReduceMax } from '../../../ov/ops/reduction.ts';
import { Slice } from '../../../ov/ops/slice.ts';
import { NonMaxSuppression, TopK } from '../../../ov/ops/sort.ts';
import { justAbove } from '../../../ov/just-above.ts';
import { columnOf, concat, convert, reshape, sizesAlong, squeeze, unsqueeze } from '../../../ov/shorthand.ts';
import { knownDim } from '../../known-dim.ts';
import type { TfOp } from '../../tf-op.ts';

/** Detections in the order of the op: corners f32 [K, 4], classes and scores f32 [K], and how many of them are valid i64 [1]. */
interface Detections {
  readonly corners: Value;
  readonly classes: Value;
  readonly scores: Value;
  readonly count: Value;
}

/** Smallest normal f32: devices flush smaller numbers to 0. */
const SMALLEST = 2 ** -126;

/** Returns the next smaller f32: TensorFlow Lite keeps scores >= threshold, OpenVINO scores > threshold. */
function justBelow(threshold: number): number {
  const float = Math.fround(threshold);
  if (Math.abs(float) < SMALLEST) return -SMALLEST;
  const bits = Float32Array.of(float);
  new Int32Array(bits.buffer)[0]! += float > 0 ? -1 : 1;
  return bits[0]!;
}

/**
 * Translates `TFLite_Detection_PostProcess`. Inputs: encoded boxes [1, N, 4 or more], scores [1, N, classes, with or without a
 * background], anchors [N, 4] as ycenter, xcenter, height, width. Outputs: corners [1, M, 4], classes from 0 [1, M], scores
 * [1, M], and their number [1], all f32; the rest is 0.
 */
export function detectionPostProcess(op: TfOp, b: Builder): readonly Value[] {
  const most = positive(op, 'max_detections');
  const corners = decode(op, b);
  const scores = classScores(op, b);
  const perBox = positive(op, 'max_classes_per_detection');
  const isRegular = op.bool('use_regular_nms', false);
  const found = isRegular
    ? perClass(op, b, corners, scores, most)
    : acrossClasses(op, b, corners, scores, most, perBox);
  const size = isRegular ? most : most * perBox;
  const padded = (values: Value): Value => {
    const missing = b.add(Subtract, [b.i64(size), sizesAlong(b, values, 0)]);
    const rest = b.i64(...values.shape.slice(1).map(() => 0));
    const none = b.i64(...values.shape.map(() => 0));
    const end = values.shape.length === 1 ? missing : concat(b, 0, [missing, rest]);
    const all = b.add(Pad, [values, none, end, b.scalar('f32', 0)]);
    return reshape(b, all, 1, size, ...values.shape.slice(1).map(() => 4));
  };
  return [padded(found.corners), padded(found.classes), padded(found.scores), convert(b, found.count, 'f32')];
}

function positive(op: TfOp, name: string): number {
  const value = op.int(name);
  if (value >= 1) return value;
  throw new DecantError('malformed', `${name} of ${op.type} is ${value}`);
}

const part = (b: Builder, x: Value, axis: number, from: number, to: number): Value =>
  b.add(Slice, [x, b.i64(from), b.i64(to), b.i64(1), b.i64(axis)]);

/** Boxes relative to anchors as corners: ymin, xmin, ymax, xmax [N, 4]. */
function decode(op: TfOp, b: Builder): Value {
  const encoded = squeeze(b, op.input(0), 0);
  const anchors = op.input(2);
  const scale = (first: string, second: string): Value =>
    b.constant({ type: 'f32', shape: [2], data: Float32Array.of(op.float(first), op.float(second)) });
  const centers = part(b, anchors, 1, 0, 2);
  const sizes = part(b, anchors, 1, 2, 4);
  const moved = b.add(Divide, [part(b, encoded, 1, 0, 2), scale('y_scale', 'x_scale')]);
  const grown = b.add(Exp, [b.add(Divide, [part(b, encoded, 1, 2, 4), scale('h_scale', 'w_scale')])]);
  const center = b.add(Add, [b.add(Multiply, [moved, sizes]), centers]);
  const half = b.add(Multiply, [b.add(Multiply, [grown, sizes]), b.scalar('f32', 0.5)]);
  return concat(b, 1, [b.add(Subtract, [center, half]), b.add(Add, [center, half])]);
}

/** Scores without the background, which is first: [N, classes]. */
function classScores(op: TfOp, b: Builder): Value {
  const scores = squeeze(b, op.input(1), 0);
  const classes = positive(op, 'num_classes');
  const stored = knownDim(scores.shape[1], 'the number of classes');
  if (stored === classes) return scores;
  if (stored === classes + 1) return part(b, scores, 1, 1, stored);
  throw new DecantError('malformed', `${op.type} has scores of ${stored} classes, and the option for ${classes}`);
}

/** Rows of class and box i64 [K], by class, then by descending score; scores f32 [K]. @param scores [classes, N] */
function select(op: TfOp, b: Builder, corners: Value, scores: Value, most: number): readonly [Value, Value, Value] {
  const [rows, scored] = b.addAll(
    NonMaxSuppression,
    [
      unsqueeze(b, corners, 0),
      unsqueeze(b, scores, 0),
      b.scalar('i64', most),
      justAbove(b, b.scalar('f32', op.float('nms_iou_threshold'))),
      b.scalar('f32', justBelow(op.float('nms_score_threshold'))),
    ],
    { box_encoding: 'corner', sort_result_descending: false, output_type: 'i64' },
  );
  return [columnOf(b, rows!, 1), columnOf(b, rows!, 2), columnOf(b, scored!, 2)];
}

const rowsOf = (b: Builder, values: Value, indices: Value): Value =>
  b.add(Gather, [values, indices, b.scalar('i64', 0)]);

/** Boxes that overlap suppress each other whatever their classes. Each of the rest has its best classes. */
function acrossClasses(op: TfOp, b: Builder, corners: Value, scores: Value, most: number, perBox: number): Detections {
  const best = b.add(ReduceMax, [scores, b.i64(1)], { keep_dims: true });
  const [, boxes] = select(op, b, corners, b.add(Transpose, [best, b.i64(1, 0)]), most);
  const chosen = Math.min(perBox, knownDim(scores.shape[1], 'the number of classes'));
  const [values, indices] = b.addAll(TopK, [rowsOf(b, scores, boxes), b.scalar('i32', chosen)], {
    axis: 1,
    stable: true,
  });
  // A box with fewer classes than there is room for leaves zeros.
  const flat = (perRow: Value): Value =>
    reshape(b, b.add(Pad, [perRow, b.i64(0, 0), b.i64(0, perBox - chosen), b.scalar('f32', 0)]), -1);
  const repeated = b.add(Broadcast, [unsqueeze(b, rowsOf(b, corners, boxes), 1), b.i64(1, chosen, 4)], {
    mode: 'bidirectional',
  });
  const spread = b.add(Pad, [repeated, b.i64(0, 0, 0), b.i64(0, perBox - chosen, 0), b.scalar('f32', 0)]);
  return {
    corners: reshape(b, spread, -1, 4),
    classes: flat(convert(b, indices!, 'f32')),
    scores: flat(values!),
    count: sizesAlong(b, boxes, 0),
  };
}

/** Boxes suppress each other within a class; the best of all classes are kept. */
function perClass(op: TfOp, b: Builder, corners: Value, scores: Value, most: number): Detections {
  const perClassMost = positive(op, 'detections_per_class');
  const [classes, boxes, values] = select(op, b, corners, b.add(Transpose, [scores, b.i64(1, 0)]), perClassMost);
  const count = b.add(Minimum, [sizesAlong(b, values, 0), b.i64(most)]);
  const [sorted, order] = b.addAll(TopK, [values, squeeze(b, count, 0)], { axis: 0, stable: true });
  return {
    corners: rowsOf(b, corners, rowsOf(b, boxes, order!)),
    classes: convert(b, rowsOf(b, classes, order!), 'f32'),
    scores: sorted!,
    count,
  };
}
