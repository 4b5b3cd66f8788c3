import { Less, LessEqual } from '../../ov/ops/comparison.ts';
import { ReduceSum } from '../../ov/ops/reduction.ts';
import { Select } from '../../ov/ops/condition.ts';
import { TopK } from '../../ov/ops/sort.ts';
import { convert, squeeze, unsqueeze } from '../../ov/shorthand.ts';
import { normalizeAxis } from '../../tensor/axis.ts';
import type { Translators, Translator } from '../translator.ts';
import { nonMaxSuppression } from './support/nms.ts';

const topK: Translator = (op, b) => {
  const x = op.input(0);
  const k = op.type === 'TopK' ? b.scalar('i32', op.int('k')) : op.input(1);
  const isSorted = op.bool('sorted', true);
  return b.addAll(TopK, [x, k], { axis: x.shape.length - 1, sort: isSorted ? 'value' : 'none', stable: isSorted });
};

/** Counts the elements of a sorted row before each value. Inputs: sorted [B, M], values [B, N]; output [B, N]. */
const bound =
  (before: typeof Less): Translator =>
  (op, b) => {
    const isBefore = b.add(before, [unsqueeze(b, op.input(0), 1), unsqueeze(b, op.input(1), 2)]);
    const type = op.elementType('out_type', 'DT_INT32');
    return b.add(ReduceSum, [b.add(Select, [isBefore, b.scalar(type, 1), b.scalar(type, 0)]), b.i64(2)]);
  };

const position =
  (mode: 'max' | 'min'): Translator =>
  (op, b) => {
    const x = op.input(0);
    const axis = op.inputs.length > 1 ? normalizeAxis(op.integer(1, 'axis'), x.shape.length) : 0;
    const [, indices] = b.addAll(TopK, [x, b.scalar('i64', 1)], { axis, mode, sort: 'value', stable: true });
    return convert(b, squeeze(b, indices!, axis), op.elementType('output_type', 'DT_INT64'));
  };

export const sort: Translators = {
  NonMaxSuppression: nonMaxSuppression,
  NonMaxSuppressionV2: nonMaxSuppression,
  NonMaxSuppressionV3: nonMaxSuppression,
  NonMaxSuppressionV4: nonMaxSuppression,
  NonMaxSuppressionV5: nonMaxSuppression,
  TopK: topK,
  TopKV2: topK,
  LowerBound: bound(Less),
  UpperBound: bound(LessEqual),
  ArgMax: position('max'),
  ArgMin: position('min'),
};
