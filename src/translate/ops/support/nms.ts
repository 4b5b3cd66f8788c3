import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Subtract } from '../../../ov/ops/arithmetic.ts';
import { NonMaxSuppression } from '../../../ov/ops/sort.ts';
import { Pad } from '../../../ov/ops/movement.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { justAbove } from '../../../ov/just-above.ts';
import { convert, reshape, squeeze, unsqueeze } from '../../../ov/shorthand.ts';
import { tensorOf } from '../../../tensor/tensor.ts';
import type { Translator } from '../../translator.ts';

/** The K selected boxes by descending score: indices i32 [K], scores f32 [K], count i32 [1]. */
interface SelectedBoxes {
  readonly indices: Value;
  readonly scores: Value;
  readonly count: Value;
}

interface NmsParameters {
  readonly maxOutputSize: Value;
  readonly iouThreshold: Value;
  readonly scoreThreshold: Value;
  readonly softSigma?: Value;
}

function selectBoxes(b: Builder, boxes: Value, scores: Value, parameters: NmsParameters): SelectedBoxes {
  const inputs = [
    // OpenVINO requires a static last axis of 4.
    boxes.shape[1] === 4 ? unsqueeze(b, boxes, 0) : reshape(b, boxes, 1, -1, 4),
    unsqueeze(b, scores, 0, 1),
    convert(b, parameters.maxOutputSize, 'i64'),
    justAbove(b, parameters.iouThreshold),
    parameters.scoreThreshold,
    ...(parameters.softSigma === undefined ? [] : [parameters.softSigma]),
  ];
  const attrs = { box_encoding: 'corner', sort_result_descending: false, output_type: 'i32' } as const;
  const [selected, selectedScores, count] = b.addAll(NonMaxSuppression, inputs, attrs);
  const boxColumn = (rows: Value): Value => squeeze(b, b.add(Gather, [rows, b.i64(2), b.scalar('i64', 1)]), 1);
  return { indices: boxColumn(selected!), scores: boxColumn(selectedScores!), count: count! };
}

function padToMax(b: Builder, values: Value, selected: SelectedBoxes, maxOutputSize: Value): Value {
  const missing = b.add(Subtract, [
    convert(b, unsqueeze(b, maxOutputSize, 0), 'i64'),
    convert(b, selected.count, 'i64'),
  ]);
  return b.add(Pad, [values, b.i64(0), missing, b.scalar(values.type, 0)]);
}

const noThreshold = (b: Builder): Value => b.scalar('f32', -Infinity);

export const nonMaxSuppression: Translator = (op, b) => {
  const version = Number(/\d+$/.exec(op.type)?.[0] ?? 1);
  const maxOutputSize = op.input(2);
  const softSigma = version === 5 ? op.input(5) : undefined;
  const parameters: NmsParameters = {
    maxOutputSize,
    iouThreshold: version === 1 ? b.scalar('f32', op.float('iou_threshold', 0.5)) : convert(b, op.input(3), 'f32'),
    scoreThreshold: version < 3 ? noThreshold(b) : convert(b, op.input(4), 'f32'),
    ...(softSigma === undefined || isZero(softSigma) ? {} : { softSigma: convert(b, softSigma, 'f32') }),
  };
  const boxes = convert(b, op.input(0), 'f32');
  const scores = convert(b, op.input(1), 'f32');
  const selected =
    isZero(maxOutputSize) || boxes.shape[0] === 0 ? nothingSelected(b) : selectBoxes(b, boxes, scores, parameters);
  const padded = version >= 4 && op.bool('pad_to_max_output_size', false);
  const finish = (values: Value): Value => (padded ? padToMax(b, values, selected, maxOutputSize) : values);
  const count = squeeze(b, selected.count, 0);
  switch (version) {
    case 4:
      return [finish(selected.indices), count];
    case 5:
      return [finish(selected.indices), finish(convert(b, selected.scores, op.input(1).type)), count];
    default:
      return selected.indices;
  }
};

/** The selection from no boxes, or of at most 0, with which OpenVINO's CPU plugin crashes. */
const nothingSelected = (b: Builder): SelectedBoxes => ({
  indices: b.constant(tensorOf('i32', [0], [])),
  scores: b.constant(tensorOf('f32', [0], [])),
  count: b.constant(tensorOf('i32', [1], [0])),
});

const isZero = ({ node }: Value): boolean => node.constant !== undefined && Number(node.constant.data[0]) === 0;
