import { dimEquals, isStatic } from '../../../tensor/dim.ts';
import { allDefined } from '../../all-defined.ts';
import type { Builder } from '../../builder.ts';
import { constantOf, is, type Value } from '../../graph.ts';
import { Add, CumSum } from '../../ops/arithmetic.ts';
import { Equal, Less } from '../../ops/comparison.ts';
import { Select } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { Range } from '../../ops/generation.ts';
import { Broadcast, Concat, Pad } from '../../ops/movement.ts';
import { ReduceSum } from '../../ops/reduction.ts';
import { Reshape, ShapeOf } from '../../ops/shape.ts';
import { NonMaxSuppression } from '../../ops/sort.ts';
import { Convert } from '../../ops/type.ts';
import { columnOf, convert, unsqueeze } from '../../shorthand.ts';
import type { BatchingRule, Copies } from './batcher.ts';
import { type BatchedValue, type Ragged, batched } from './batched-value.ts';

const COUNT_OUTPUT = 2;

/** Column of a selected row with the box or the score, after batch and class. */
const BOX_COLUMN = 2;

/**
 * One NMS with a class per copy, or with an image per copy if each copy has its own boxes. It selects the same boxes, copy
 * by copy, and those of each copy by score.
 */
export const batchNms: BatchingRule = ({ node, values, size, b, input }) => {
  const [boxes, scores, ...limits] = node.inputs.map((_, i) => input(i));
  if (!is(node, NonMaxSuppression) || boxes === undefined || scores?.kind !== 'batched') return undefined;
  if (boxes.kind !== 'batched' && boxes.kind !== 'unbatched') return undefined;
  const sameLimits = allDefined(limits, limit => (limit?.kind === 'unbatched' ? limit.value : undefined));
  if (sameLimits === undefined || node.inputs[0]!.shape[0] !== 1 || node.inputs[1]!.shape[1] !== 1) return undefined;
  const ownBoxes = boxes.kind === 'batched';
  const allBoxes = ownBoxes ? b.add(Reshape, [boxes.value, b.i64(size, -1, 4)]) : boxes.value;
  const allScores = b.add(Reshape, [scores.value, ownBoxes ? b.i64(size, 1, -1) : b.i64(1, size, -1)]);
  // Sorting would mix the copies. Within a copy, the boxes are sorted anyway.
  const attrs = { ...node.attrs, sort_result_descending: false };
  const outputs = b.addAll(NonMaxSuppression, [allBoxes, allScores, ...sameLimits], attrs);
  const copyOfRow = columnOf(b, outputs[0]!, ownBoxes ? 0 : 1);
  const counts = countEach(b, copyOfRow, size);
  const { index } = values[0]!;
  if (index === COUNT_OUTPUT) return batched(unsqueeze(b, counts, 1));
  return { kind: 'nms-rows', rows: outputs[index]!, counts };
};

/** Counts each number below `size` in a vector: i32 [size]. */
function countEach(b: Builder, numbers: Value, size: number): Value {
  const all = b.add(
    Range,
    [0, size, 1].map(i => b.scalar('i64', i)),
    { output_type: numbers.type },
  );
  const equal = b.add(Equal, [unsqueeze(b, all, 1), unsqueeze(b, numbers, 0)]);
  return b.add(ReduceSum, [convert(b, equal, 'i32'), b.i64(1)]);
}

export const gatherNmsBoxes: BatchingRule = ({ node, b, input }) => {
  const selected = input(0);
  const column = input(1);
  const axis = input(2);
  if (!is(node, Gather) || selected?.kind !== 'nms-rows') return undefined;
  if (column?.kind !== 'unbatched' || axis?.kind !== 'unbatched' || axis.value.partialValue?.[0] !== 1)
    return undefined;
  if (column.value.partialValue?.length !== 1 || column.value.partialValue[0] !== BOX_COLUMN) return undefined;
  return {
    kind: 'ragged',
    rows: b.rebuild(node, [selected.rows, column.value, axis.value])[0]!,
    counts: selected.counts,
  };
};

/** Concat(x, Broadcast(filler, lengths)): ragged copies, each padded to one length. */
export const padRaggedByConcat: BatchingRule = copies => {
  const { node, values } = copies;
  if (!is(node, Concat)) return undefined;
  const x = copies.input(0);
  if (node.attrs.axis !== 0 || node.inputs.length !== 2 || x?.kind !== 'ragged') return undefined;
  const fills = values.map(value => value.node.inputs[1]!.node);
  const filler = fills[0]!.inputs[0];
  if (!fills.every(fill => is(fill, Broadcast) && sameScalar(fill.inputs[0]!, filler!))) return undefined;
  const lengths = copies.batch(fills.map(fill => fill.inputs[1]!));
  return lengths === undefined ? undefined : padToOneLength(copies, x, lengths, filler!);
};

/** Pad(x, 0, lengths, filler): ragged copies, each padded to one length. */
export const padRagged: BatchingRule = copies => {
  const { node, values, input } = copies;
  const x = input(0);
  const begin = input(1);
  const end = input(2);
  const filler = input(3);
  if (!is(node, Pad) || node.attrs.pad_mode !== 'constant' || x?.kind !== 'ragged') return undefined;
  if (begin?.kind !== 'unbatched' || begin.value.partialValue?.every(pad => pad === 0) !== true) return undefined;
  const firstAxisOnly = values.every(
    value => value.node.inputs[2]!.partialValue?.slice(1).every(pad => pad === 0) === true,
  );
  if (!firstAxisOnly || end === undefined) return undefined;
  if (filler?.kind !== 'unbatched' || constantOf(filler.value) === undefined) return undefined;
  return padToOneLength(copies, x, end, filler.value);
};

const sameScalar = (x: Value, y: Value): boolean => {
  const p = constantOf(x);
  const q = constantOf(y);
  return p !== undefined && q !== undefined && p.data.length === 1 && p.type === q.type && p.data[0] === q.data[0];
};

/** Appends rows of `filler` to ragged copies. `lengths` [n, 1, ...] must make all equally long. */
function padToOneLength(
  { values, b }: Copies,
  { rows, counts }: Ragged,
  lengths: BatchedValue,
  filler: Value,
): BatchedValue | undefined {
  const [length, ...rest] = values[0]!.shape;
  if (length === undefined || !isStatic(rest) || lengths.kind !== 'batched') return undefined;
  if (!values.every(value => dimEquals(value.shape[0]!, length))) return undefined;
  const first = (vector: Value, axis: number): Value =>
    b.add(Gather, [vector, b.scalar('i64', 0), b.scalar('i64', axis)]);
  const column = (vector: Value): Value => unsqueeze(b, vector, 1);
  const fills = b.add(Convert, [first(lengths.value, 1)], { destination_type: 'i32' });
  const total = typeof length === 'number' ? b.scalar('i32', length) : first(b.add(Add, [fills, counts]), 0);
  const position = b.add(Range, [b.scalar('i32', 0), total, b.scalar('i32', 1)], { output_type: 'i32' });
  const starts = b.add(CumSum, [counts, b.scalar('i64', 0)], { exclusive: true });
  const end = first(b.add(ShapeOf, [rows], { output_type: 'i32' }), 0);
  const hasRow = b.add(Less, [unsqueeze(b, position, 0), column(counts)]);
  // A filler row follows all rows. All positions without a row of their own take it.
  const source = b.add(Select, [hasRow, b.add(Add, [column(starts), position]), end]);
  const fillerRow = b.add(Broadcast, [b.add(Reshape, [filler, b.i64()]), b.i64(1, ...rest)]);
  const allRows = b.add(Concat, [rows, fillerRow], { axis: 0 });
  return batched(b.add(Gather, [allRows, source, b.scalar('i64', 0)]));
}
