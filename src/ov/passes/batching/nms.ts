import { dimEquals, isStatic } from '../../../tensor/dim.ts';
import type { Builder } from '../../builder.ts';
import { constantOf, is, type Value } from '../../graph.ts';
import { Add, CumSum } from '../../ops/arithmetic.ts';
import { Equal, Less } from '../../ops/comparison.ts';
import { Broadcast, Concat, Pad } from '../../ops/movement.ts';
import { NonMaxSuppression } from '../../ops/sort.ts';
import { Gather } from '../../ops/gather.ts';
import { ReduceSum } from '../../ops/reduction.ts';
import { Reshape, ShapeOf, Unsqueeze } from '../../ops/shape.ts';
import { Range } from '../../ops/generation.ts';
import { Select } from '../../ops/condition.ts';
import { Convert } from '../../ops/type.ts';
import type { BatchingRule } from './batcher.ts';
import { type BatchedValue, type Ragged, batched } from './batched-value.ts';

/** Which output of a suppression says how many boxes it selected. */
const COUNT = 2;
/** The column of a selected row that is the box, or the score; those before it are picture and class. */
const BOX = 2;

/**
 * The suppressions of all lanes as one with as many classes; with as many pictures where each lane has boxes of its own.
 * It selects the same boxes, and gives them class by class, the best of each class first.
 */
export const suppression: BatchingRule = ({ node, values, count, b, input }) => {
  const [boxes, scores, ...limits] = node.inputs.map((_, i) => input(i));
  if (!is(node, NonMaxSuppression) || boxes === undefined || scores?.kind !== 'stacked') return undefined;
  if (boxes.kind === 'ragged' || boxes.kind === 'selected' || !limits.every(limit => limit?.kind === 'uniform'))
    return undefined;
  if (node.inputs[0]!.shape[0] !== 1 || node.inputs[1]!.shape[1] !== 1) return undefined;
  const own = boxes.kind === 'stacked';
  const all = own ? b.add(Reshape, [boxes.value, b.i64(count, -1, 4)]) : boxes.value;
  const scored = b.add(Reshape, [scores.value, own ? b.i64(count, 1, -1) : b.i64(1, count, -1)]);
  // Sorted, the results of all classes would be mixed; those of one class are in order anyway.
  const attrs = { ...node.attrs, sort_result_descending: false };
  const outputs = b.addAll(NonMaxSuppression, [all, scored, ...limits.map(limit => limit.value)], attrs);
  const lane = b.add(Gather, [outputs[0]!, b.scalar('i64', own ? 0 : 1), b.scalar('i64', 1)]);
  const counts = countEach(b, lane, count);
  const { index } = values[0]!;
  if (index === COUNT) return batched(b.add(Unsqueeze, [counts, b.i64(1)]));
  return { kind: 'selected', rows: outputs[index]!, counts };
};

/** How often each of the numbers below `count` stands in a vector: i32 [count]. */
function countEach(b: Builder, numbers: Value, count: number): Value {
  const all = b.add(
    Range,
    [0, count, 1].map(i => b.scalar('i64', i)),
    { output_type: numbers.type },
  );
  const equal = b.add(Equal, [b.add(Unsqueeze, [all, b.i64(1)]), b.add(Unsqueeze, [numbers, b.i64(0)])]);
  return b.add(ReduceSum, [b.add(Convert, [equal], { destination_type: 'i32' }), b.i64(1)]);
}

/** The boxes that a suppression selects, or their scores. */
export const selectedColumn: BatchingRule = ({ node, b, input }) => {
  const [selected, column, axis] = [input(0), input(1), input(2)];
  if (!is(node, Gather) || selected?.kind !== 'selected') return undefined;
  if (column?.kind !== 'uniform' || axis?.kind !== 'uniform' || axis.value.partialValue?.[0] !== 1) return undefined;
  if (column.value.partialValue?.length !== 1 || column.value.partialValue[0] !== BOX) return undefined;
  return {
    kind: 'ragged',
    rows: b.rebuild(node, [selected.rows, column.value, axis.value])[0]!,
    counts: selected.counts,
  };
};

/** Lanes of different lengths, each followed by as many equal rows as bring all of them to one length. */
export const fillRagged: BatchingRule = ({ node, values, b, input, lanesOf }) => {
  const lanes = input(0);
  if (!is(node, Concat) || node.attrs.axis !== 0 || node.inputs.length !== 2 || lanes?.kind !== 'ragged')
    return undefined;
  const fills = values.map(value => value.node.inputs[1]!.node);
  const filler = fills[0]!.inputs[0];
  if (!fills.every(fill => is(fill, Broadcast) && sameNumber(fill.inputs[0]!, filler!))) return undefined;
  const lengths = lanesOf(fills.map(fill => fill.inputs[1]!));
  return lengths === undefined ? undefined : levelled(b, values, lanes, lengths, filler!);
};

/** The same, written as a Pad. */
export const padRagged: BatchingRule = ({ node, values, b, input }) => {
  const [lanes, begin, end, filler] = [input(0), input(1), input(2), input(3)];
  if (!is(node, Pad) || node.attrs.pad_mode !== 'constant' || lanes?.kind !== 'ragged') return undefined;
  if (begin?.kind !== 'uniform' || begin.value.partialValue?.every(pad => pad === 0) !== true) return undefined;
  const others = values.every(value => value.node.inputs[2]!.partialValue?.slice(1).every(pad => pad === 0) === true);
  if (!others || filler?.kind !== 'uniform' || constantOf(filler.value) === undefined || end === undefined)
    return undefined;
  return levelled(b, values, lanes, end, filler.value);
};

const sameNumber = (x: Value, y: Value): boolean => {
  const [p, q] = [constantOf(x), constantOf(y)];
  return p !== undefined && q !== undefined && p.data.length === 1 && p.type === q.type && p.data[0] === q.data[0];
};

/** Ragged lanes with rows of `filler` behind each, as many as `lengths` [n, 1...] says, which makes all equally long. */
function levelled(
  b: Builder,
  values: readonly Value[],
  lanes: Ragged,
  lengths: BatchedValue,
  filler: Value,
): BatchedValue | undefined {
  const [length, ...rest] = values[0]!.shape;
  if (length === undefined || !isStatic(rest) || !values.every(value => dimEquals(value.shape[0]!, length)))
    return undefined;
  if (lengths.kind !== 'stacked') return undefined;
  const first = (vector: Value, axis: number): Value =>
    b.add(Gather, [vector, b.scalar('i64', 0), b.scalar('i64', axis)]);
  const fills = b.add(Convert, [first(lengths.value, 1)], { destination_type: 'i32' });
  const total = typeof length === 'number' ? b.scalar('i32', length) : first(b.add(Add, [fills, lanes.counts]), 0);
  const column = (vector: Value): Value => b.add(Unsqueeze, [vector, b.i64(1)]);
  const place = b.add(Range, [b.scalar('i32', 0), total, b.scalar('i32', 1)], { output_type: 'i32' });
  const starts = b.add(CumSum, [lanes.counts, b.scalar('i64', 0)], { exclusive: true });
  const end = first(b.add(ShapeOf, [lanes.rows], { output_type: 'i32' }), 0);
  const inLane = b.add(Less, [b.add(Unsqueeze, [place, b.i64(0)]), column(lanes.counts)]);
  const from = b.add(Select, [inLane, b.add(Add, [column(starts), place]), end]);
  // Behind all rows stands one of the filler, which every place takes that has no row of its own.
  const extra = b.add(Broadcast, [b.add(Reshape, [filler, b.i64()]), b.i64(1, ...rest)]);
  const rows = b.add(Concat, [lanes.rows, extra], { axis: 0 });
  return batched(b.add(Gather, [rows, from, b.scalar('i64', 0)]));
}
