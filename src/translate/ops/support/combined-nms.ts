import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Equal, Less } from '../../../ov/ops/comparison.ts';
import { Add, CumSum, Divide, Maximum, Minimum, Multiply, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Broadcast, Transpose } from '../../../ov/ops/movement.ts';
import { NonMaxSuppression, TopK } from '../../../ov/ops/sort.ts';
import { Gather, GatherElements, GatherND } from '../../../ov/ops/gather.ts';
import { Range } from '../../../ov/ops/generation.ts';
import { ReduceMax, ReduceSum } from '../../../ov/ops/reduction.ts';
import { Reshape } from '../../../ov/ops/shape.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Clamp } from '../../../ov/ops/activation.ts';
import { justAbove } from '../../../ov/just-above.ts';
import { columnOf, concat, convert, sizesAlong, squeeze, unsqueeze } from '../../../ov/shorthand.ts';
import { LARGEST_REAL } from '../../../tensor/element-type.ts';
import type { Translator } from '../../translator.ts';
import { knownDim } from '../../known-dim.ts';
import { eachImage } from './each-image.ts';

const LOWEST_SCORE = -LARGEST_REAL.f32;

/** K selected boxes by image, then by class, then by descending score. */
interface SelectedBoxes {
  readonly corners: Value;
  readonly scores: Value;
  readonly classes: Value;
  /** i64 [K] */
  readonly images: Value;
}

interface NmsParameters {
  readonly maxPerClass: Value;
  readonly iouThreshold: Value;
  readonly scoreThreshold: Value;
  /** Rows of the outputs for each image. */
  readonly outputSize: number;
  readonly isClipped: boolean;
}

/**
 * Selects boxes per image and class.
 *
 * @param boxes [B, N, q, 4], where q is 1, or the number of classes if each has its own boxes
 * @param scores [B, N, C]
 */
function selectBoxes(b: Builder, boxes: Value, scores: Value, parameters: NmsParameters): SelectedBoxes {
  const isShared = boxes.shape[2] === 1;
  const [batch, count, classCount] = [0, 1, 2].map(axis => sizesAlong(b, scores, axis));
  const byClass = b.add(Transpose, [scores, b.i64(0, 2, 1)]);
  const ownBoxes = (): Value =>
    b.add(Broadcast, [
      b.add(Transpose, [boxes, b.i64(0, 2, 1, 3)]),
      concat(b, 0, [batch!, classCount!, count!, b.i64(4)]),
    ]);
  // Boxes per class are passed as a batch with one image per class.
  const rows = b.add(Multiply, [batch!, classCount!]);
  const allBoxes = b.add(Reshape, [
    isShared ? boxes : ownBoxes(),
    concat(b, 0, [isShared ? batch! : rows, count!, b.i64(4)]),
  ]);
  const allScores = isShared ? byClass : b.add(Reshape, [byClass, concat(b, 0, [rows, b.i64(1), count!])]);
  const [selected, selectedScores] = b.addAll(
    NonMaxSuppression,
    [allBoxes, allScores, parameters.maxPerClass, justAbove(b, parameters.iouThreshold), parameters.scoreThreshold],
    { box_encoding: 'corner', sort_result_descending: false, output_type: 'i64' },
  );
  const column = (i: number): Value => columnOf(b, selected!, i);
  const images = isShared ? column(0) : b.add(Divide, [column(0), classCount!]);
  const firstRows = b.add(Multiply, [images, classCount!]);
  return {
    corners:
      allBoxes.shape[0] === 1
        ? b.add(Gather, [squeeze(b, allBoxes, 0), column(2), b.scalar('i64', 0)])
        : b.add(GatherND, [allBoxes, b.add(Gather, [selected!, b.i64(0, 2), b.scalar('i64', 1)])]),
    scores: columnOf(b, selectedScores!, 2),
    classes: isShared ? column(1) : b.add(Subtract, [column(0), firstRows]),
    images,
  };
}

const rangeTo = (b: Builder, end: Value): Value =>
  b.add(Range, [b.scalar('i64', 0), squeeze(b, end, 0), b.scalar('i64', 1)], { output_type: 'i64' });

/** With as many boxes, an NMS of one image is run on the best of them. */
const MANY_BOXES = 1024;

/** Selects boxes per image and class, then the best of all classes of each image. */
export const combinedNonMaxSuppression: Translator = (op, b) => {
  const [boxes, scores] = [op.input(0), op.input(1)];
  const maxPerClass = op.integer(2, 'maximum per class');
  const maxTotal = op.integer(3, 'maximum per image');
  const outputSize = op.bool('pad_per_class', false)
    ? Math.min(maxTotal, maxPerClass * knownDim(scores.shape[2], 'the number of classes'))
    : maxTotal;
  if (scores.shape.includes(0)) return nothingSelected(b, scores, outputSize);
  const parameters: NmsParameters = {
    maxPerClass: b.scalar('i64', maxPerClass),
    iouThreshold: op.input(4),
    scoreThreshold: op.input(5),
    outputSize,
    isClipped: op.bool('clip_boxes', true),
  };
  const [count] = scores.shape.slice(1);
  const isLooped = scores.shape[0] !== 1 && typeof count === 'number' && count >= MANY_BOXES;
  return (isLooped ? selectOfEach : select)(b, boxes, scores, parameters);
};

/** The outputs of the op. Inputs: boxes [B, N, q, 4], scores [B, N, C] */
function select(b: Builder, boxes: Value, scores: Value, parameters: NmsParameters): readonly Value[] {
  const { outputSize, isClipped } = parameters;
  const selected = selectBoxes(b, boxes, scores, parameters);
  const best =
    scores.shape[0] === 1 ? bestOfImage(b, selected, outputSize) : bestOfEach(b, selected, scores, outputSize);
  const corners = best.pick(selected.corners, 0);
  return [
    isClipped ? b.add(Clamp, [corners], { min: 0, max: 1 }) : corners,
    best.pick(selected.scores, 0),
    best.pick(convert(b, selected.classes, 'f32'), 0),
    convert(b, b.add(Minimum, [best.counts, b.i64(outputSize)]), 'i32'),
  ];
}

/** Selects boxes of one image after the other: those that matter to NMS can be found for one image, not for a batch. */
function selectOfEach(b: Builder, boxes: Value, scores: Value, parameters: NmsParameters): readonly Value[] {
  const thresholds = [parameters.iouThreshold, parameters.scoreThreshold];
  return eachImage(b, [boxes, scores], thresholds, (images, [iouThreshold, scoreThreshold]) =>
    select(b, images[0]!, images[1]!, {
      ...parameters,
      iouThreshold: iouThreshold!,
      scoreThreshold: scoreThreshold!,
    }),
  );
}

/** The best boxes of all classes of each image. */
interface BestBoxes {
  /** How many boxes of each image are selected: i64 [B] */
  readonly counts: Value;
  /** What values [K, ...] are for the best boxes, followed by padding: [B, outputSize, ...] */
  readonly pick: (values: Value, padding: number) => Value;
}

const paddingFor = (b: Builder, values: Value, padding: number, rows: number): Value =>
  b.add(Broadcast, [b.scalar('f32', padding), b.i64(rows, ...values.shape.slice(1).map(() => 4))]);

/** The best boxes of the only image. As much padding as there may be boxes follows all rows. */
function bestOfImage(b: Builder, selected: SelectedBoxes, outputSize: number): BestBoxes {
  const padded = (values: Value, padding: number): Value =>
    concat(b, 0, [values, paddingFor(b, values, padding, outputSize)]);
  const candidates = padded(selected.scores, LOWEST_SCORE);
  const [, order] = b.addAll(TopK, [candidates, b.scalar('i32', outputSize)], { axis: 0, stable: true });
  return {
    counts: sizesAlong(b, selected.scores, 0),
    pick: (values, padding) => unsqueeze(b, b.add(Gather, [padded(values, padding), order!, b.scalar('i64', 0)]), 0),
  };
}

/** The best boxes of each of some images. A row of padding follows all rows; each image has it in the places after its own rows. */
function bestOfEach(b: Builder, selected: SelectedBoxes, scores: Value, outputSize: number): BestBoxes {
  const images = rangeTo(b, sizesAlong(b, scores, 0));
  const isOfImage = b.add(Equal, [unsqueeze(b, images, 1), unsqueeze(b, selected.images, 0)]);
  const counts = b.add(ReduceSum, [convert(b, isOfImage, 'i64'), b.i64(1)], { keep_dims: true });
  const starts = b.add(CumSum, [counts, b.scalar('i64', 0)], { exclusive: true });
  const longest = b.add(Maximum, [b.add(ReduceMax, [counts, b.i64(0)]), b.i64(outputSize)]);
  const positions = unsqueeze(b, rangeTo(b, longest), 0);
  const end = sizesAlong(b, selected.scores, 0);
  const rows = b.add(Select, [b.add(Less, [positions, counts]), b.add(Add, [starts, positions]), end]);
  const rowsAt = (values: Value, padding: number, indices: Value): Value =>
    b.add(Gather, [concat(b, 0, [values, paddingFor(b, values, padding, 1)]), indices, b.scalar('i64', 0)]);
  const candidates = rowsAt(selected.scores, LOWEST_SCORE, rows);
  const [, order] = b.addAll(TopK, [candidates, b.scalar('i32', outputSize)], { axis: 1, stable: true });
  const best = b.add(GatherElements, [rows, order!], { axis: 1 });
  return { counts: squeeze(b, counts, 1), pick: (values, padding) => rowsAt(values, padding, best) };
}

/** The outputs for no images or no boxes, with which OpenVINO cannot compile the op if the sizes are known. */
function nothingSelected(b: Builder, scores: Value, outputSize: number): readonly Value[] {
  const zeros = (type: 'f32' | 'i32', ...sizes: readonly number[]): Value =>
    b.add(Broadcast, [b.scalar(type, 0), concat(b, 0, [sizesAlong(b, scores, 0), b.i64(...sizes)])]);
  return [zeros('f32', outputSize, 4), zeros('f32', outputSize), zeros('f32', outputSize), zeros('i32')];
}
