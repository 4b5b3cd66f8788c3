import { Less, LessEqual } from '../../../ov/ops/comparison.ts';
import { ReduceSum } from '../../../ov/ops/reduction.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { unsqueeze } from '../../../ov/shorthand.ts';
import type { Translators, Translator } from '../../translator.ts';
import { combinedNonMaxSuppression } from '../support/combined-nms.ts';

/** Counts the elements of a sorted row before each value. Inputs: sorted [B, M], values [B, N]; output [B, N]. */
const bound =
  (before: typeof Less): Translator =>
  (op, b) => {
    const isBefore = b.add(before, [unsqueeze(b, op.input(0), 1), unsqueeze(b, op.input(1), 2)]);
    const type = op.elementType('out_type', 'DT_INT32');
    return b.add(ReduceSum, [b.add(Select, [isBefore, b.scalar(type, 1), b.scalar(type, 0)]), b.i64(2)]);
  };

export const sort: Translators = {
  CombinedNonMaxSuppression: combinedNonMaxSuppression,
  LowerBound: bound(Less),
  UpperBound: bound(LessEqual),
};
