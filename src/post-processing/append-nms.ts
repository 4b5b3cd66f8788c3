import type { CandidateEncoding, Prototypes } from '../detect/heads/candidate-encoding.ts';
import { KEYPOINT_COLUMNS, MOST_FRACTION } from '../detect/heads/candidate-encoding.ts';
import type { Port } from '../detect/heads/port.ts';
import type { Nms } from '../detect/nms.ts';
import { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { Add, Multiply, Subtract } from '../ov/ops/arithmetic.ts';
import { Equal, Greater } from '../ov/ops/comparison.ts';
import { Select } from '../ov/ops/condition.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Transpose } from '../ov/ops/movement.ts';
import { ReduceMean } from '../ov/ops/reduction.ts';
import { Slice } from '../ov/ops/slice.ts';
import { NonMaxSuppression, TopK } from '../ov/ops/sort.ts';
import { justAbove } from '../ov/just-above.ts';
import { columnOf, concat, convert, reshape, unsqueeze } from '../ov/shorthand.ts';
import { tensorOf } from '../tensor/tensor.ts';
import { SELECTED_OUTPUT } from './selected-output.ts';

/** Scores of 0 mark classes that do not count. */
const LEAST_SCORE = 2 ** -126;

/**
 * Adds non-maximum suppression to a model that returns all candidates with boxes of center and size, whose classes count from 0. Its output is `[1, D, 6 + extras]`, best first, padded with zeros: xmin,
 * ymin, xmax, ymax in pixels of the model's image, score, class id; coefficients of masks or keypoints follow.
 */
export function appendNms(graph: Graph, encoding: CandidateEncoding, nms: Nms, classIds?: ReadonlySet<number>): Graph {
  const b = new Builder(SELECTED_OUTPUT);
  const table = tableOf(b, outputOf(graph, encoding.table), encoding);
  const columns = (first: number, count: number): Value => slice(b, table, first, count);
  const unit = unitOf(b, columns(0, 2), encoding);
  const corners = cornersOf(b, columns(0, 4), unit);
  const scores = keptOnly(
    b,
    scoresOf(b, columns(encoding.firstClass, encoding.classCount), columns, encoding),
    encoding,
    classIds,
  );
  const [selected, selectedScores] = b.addAll(
    NonMaxSuppression,
    [
      reshape(b, b.add(Transpose, [corners, b.i64(0, 2, 1)]), 1, -1, 4),
      scores,
      b.scalar('i64', nms.maxDetections),
      justAbove(b, b.scalar('f32', nms.iouThreshold)),
      b.scalar('f32', Math.max(nms.scoreThreshold, LEAST_SCORE)),
    ],
    { box_encoding: 'corner', sort_result_descending: true, output_type: 'i64' },
  );
  const boxes = columnOf(b, selected!, 2);
  const rowsOf = (values: Value): Value =>
    b.add(Transpose, [
      b.add(Gather, [reshape(b, values, Number(values.shape[1]), -1), boxes, b.scalar('i64', 1)]),
      b.i64(1, 0),
    ]);
  const classes = convert(b, columnOf(b, selected!, 1), 'f32');
  const rows = concat(b, 1, [
    rowsOf(corners),
    unsqueeze(b, columnOf(b, selectedScores!, 2), 1),
    unsqueeze(b, classes, 1),
    ...extrasOf(b, columns, unit, encoding).map(rowsOf),
  ]);
  const width = Number(rows.shape[1]);
  const zeros = b.constant(tensorOf('f32', [nms.maxDetections, width], new Float32Array(nms.maxDetections * width)));
  const padded = b.add(Slice, [concat(b, 0, [rows, zeros]), b.i64(0), b.i64(nms.maxDetections), b.i64(1), b.i64(0)]);
  const detections = reshape(b, padded, 1, nms.maxDetections, width);
  return { ...graph, outputs: new Map([[SELECTED_OUTPUT, detections], ...prototypesIn(graph, encoding.prototypes)]) };
}

const prototypesIn = (graph: Graph, prototypes: Prototypes | undefined): readonly (readonly [string, Value])[] =>
  prototypes === undefined ? [] : [[prototypes.port.names[0]!, outputOf(graph, prototypes.port)]];

const outputOf = (graph: Graph, { names }: Port): Value => names.map(name => graph.outputs.get(name)).find(Boolean)!;

/** The candidates as f32 [1, columns, N]. */
function tableOf(b: Builder, output: Value, { columnAxis, columns }: CandidateEncoding): Value {
  const floats = convert(b, output, 'f32');
  return reshape(b, columnAxis === 1 ? floats : b.add(Transpose, [floats, b.i64(0, 2, 1)]), 1, columns, -1);
}

const slice = (b: Builder, table: Value, first: number, count: number): Value =>
  b.add(Slice, [table, b.i64(first), b.i64(first + count), b.i64(1), b.i64(1)]);

/** The pixels in a unit of x and y: f32 [1, 2, 1]. */
function unitOf(b: Builder, centers: Value, { image: { width, height } }: CandidateEncoding): Value {
  const mean = b.add(ReduceMean, [centers, b.i64(0, 1, 2)], { keep_dims: true });
  const isPixels = b.add(Greater, [mean, b.scalar('f32', MOST_FRACTION)]);
  const size = b.constant(tensorOf('f32', [1, 2, 1], [width, height]));
  return b.add(Select, [isPixels, b.scalar('f32', 1), size]);
}

/** xmin, ymin, xmax, ymax in pixels: f32 [1, 4, N]. */
function cornersOf(b: Builder, boxes: Value, unit: Value): Value {
  const centers = b.add(Multiply, [slice(b, boxes, 0, 2), unit]);
  const halves = b.add(Multiply, [b.add(Multiply, [slice(b, boxes, 2, 2), unit]), b.scalar('f32', 0.5)]);
  return concat(b, 1, [b.add(Subtract, [centers, halves]), b.add(Add, [centers, halves])]);
}

/** The scores that count, by class: f32 [1, C, N]; unless several classes of a candidate do, those of the others are 0. */
function scoresOf(
  b: Builder,
  probabilities: Value,
  columns: (first: number, count: number) => Value,
  { objectness, isMultiLabel = false, classCount }: CandidateEncoding,
): Value {
  const scores = objectness === undefined ? probabilities : b.add(Multiply, [probabilities, columns(objectness, 1)]);
  if (isMultiLabel || classCount === 1) return scores;
  const ids = b.constant(reshapedRange(classCount));
  return b.add(Select, [b.add(Equal, [ids, bestOf(b, scores).classId]), scores, b.scalar('f32', 0)]);
}

/** The scores, those of other classes than `classIds` replaced by 0. */
function keptOnly(
  b: Builder,
  scores: Value,
  { classCount, firstClassId }: CandidateEncoding,
  classIds: ReadonlySet<number> | undefined,
): Value {
  if (classIds === undefined) return scores;
  const kept = Array.from({ length: classCount }, (_, i) => (classIds.has(firstClassId + i) ? 1 : 0));
  return b.add(Multiply, [scores, b.constant(tensorOf('f32', [1, classCount, 1], kept))]);
}

const reshapedRange = (count: number): ReturnType<typeof tensorOf> =>
  tensorOf(
    'i32',
    [1, count, 1],
    Array.from({ length: count }, (_, i) => i),
  );

function bestOf(b: Builder, scores: Value): { readonly score: Value; readonly classId: Value } {
  const [score, classId] = b.addAll(TopK, [scores, b.scalar('i64', 1)], { axis: 1, stable: true });
  return { score: score!, classId: classId! };
}

/** The columns after the class scores as f32 [1, E, N]: coefficients of masks, or keypoints in pixels. */
function extrasOf(
  b: Builder,
  columns: (first: number, count: number) => Value,
  unit: Value,
  { firstClass, classCount, keypoints = 0, prototypes }: CandidateEncoding,
): readonly Value[] {
  const first = firstClass + classCount;
  if (prototypes !== undefined) return [columns(first, prototypes.count)];
  if (keypoints === 0) return [];
  const one = b.constant(tensorOf('f32', [1, 1, 1], [1]));
  const units = concat(b, 1, Array.from({ length: keypoints }, () => [unit, one]).flat());
  return [b.add(Multiply, [columns(first, keypoints * KEYPOINT_COLUMNS), units])];
}
