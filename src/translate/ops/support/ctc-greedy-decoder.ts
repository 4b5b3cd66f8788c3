import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, CumSum, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Less, NotEqual } from '../../../ov/ops/comparison.ts';
import { NonZero, Select } from '../../../ov/ops/condition.ts';
import { GatherND } from '../../../ov/ops/gather.ts';
import { LogicalAnd } from '../../../ov/ops/logical.ts';
import { Broadcast, Transpose } from '../../../ov/ops/movement.ts';
import { ReduceMax, ReduceSum } from '../../../ov/ops/reduction.ts';
import { Slice } from '../../../ov/ops/slice.ts';
import { TopK } from '../../../ov/ops/sort.ts';
import { checkRankOf } from '../../../ov/ops/support/infer.ts';
import { concat, constantLike, convert, sizeAlong, sizesAlong, squeeze, unsqueeze } from '../../../ov/shorthand.ts';
import type { TfOp } from '../../tf-op.ts';
import type { Translator } from '../../translator.ts';
import { countTo } from '../generation.ts';

/**
 * Inputs: scores of classes [steps, batch, classes] and numbers of steps i32 [batch]. Outputs: the labels as a sparse tensor of
 * shape [batch, most labels], and the negative sum of their scores [batch, 1].
 */
export const ctcGreedyDecoder: Translator = (op, b) => {
  const scores = op.input(0);
  checkRankOf(`the scores of ${op.type}`, scores, 3);
  checkRankOf(`the numbers of steps of ${op.type}`, op.input(1), 1);
  const best = b.addAll(TopK, [scores, b.scalar('i64', 1)], { axis: 2, stable: true, index_element_type: 'i64' });
  const [score, label] = best.map(x => b.add(Transpose, [squeeze(b, x, 2), b.i64(1, 0)])) as [Value, Value];
  const steps = countTo(b, sizeAlong(b, scores, 0));
  const runs = b.add(Less, [unsqueeze(b, steps, 0), unsqueeze(b, convert(b, op.input(1), 'i64'), 1)]);
  const isKept = keptOf(op, b, label, runs);
  const positions = b.add(Transpose, [b.add(NonZero, [isKept]), b.i64(1, 0)]);
  const kept = convert(b, isKept, 'i64');
  const columns = b.add(CumSum, [kept, b.scalar('i64', 1)], { exclusive: true });
  const rows = b.add(Slice, [positions, b.i64(0), b.i64(1), b.i64(1), b.i64(1)]);
  const counts = b.add(ReduceSum, [kept, b.i64(1)]);
  const longest = b.add(ReduceMax, [concat(b, 0, [b.i64(0), counts]), b.i64(0)], { keep_dims: true });
  const sum = b.add(ReduceSum, [b.add(Select, [runs, score, constantLike(b, score, 0)]), b.i64(1)], {
    keep_dims: true,
  });
  return [
    concat(b, 1, [rows, unsqueeze(b, b.add(GatherND, [columns, positions]), 1)]),
    b.add(GatherND, [label, positions]),
    concat(b, 0, [sizesAlong(b, scores, 1), longest]),
    b.add(Subtract, [constantLike(b, sum, 0), sum]),
  ];
};

/** Which labels [batch, steps] are returned: no blanks, and only the first of equal ones in a row, if these are merged. */
function keptOf(op: TfOp, b: Builder, label: Value, runs: Value): Value {
  const index = op.int('blank_index', -1);
  const blank = index < 0 ? b.add(Add, [sizeAlong(b, op.input(0), 2), b.scalar('i64', index)]) : b.scalar('i64', index);
  const isLabel = b.add(LogicalAnd, [runs, b.add(NotEqual, [label, blank])]);
  if (!op.bool('merge_repeated', false)) return isLabel;
  const none = b.add(Broadcast, [b.scalar('i64', -1), concat(b, 0, [sizesAlong(b, label, 0), b.i64(1)])]);
  const padded = concat(b, 1, [none, label]);
  const before = b.add(Slice, [padded, b.i64(0), b.i64(-1), b.i64(1), b.i64(1)]);
  return b.add(LogicalAnd, [isLabel, b.add(NotEqual, [label, before])]);
}
