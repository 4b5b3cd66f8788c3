import { isStatic } from '../../../tensor/dim.ts';
import type { Builder } from '../../builder.ts';
import { is, type Value } from '../../graph.ts';
import { BROADCASTING, ELEMENTWISE } from '../../ops/elementwise-lists.ts';
import { Broadcast, Concat, Pad, Split, Transpose } from '../../ops/movement.ts';
import { NonMaxSuppression } from '../../ops/sort.ts';
import { Gather } from '../../ops/gather.ts';
import { Reshape, ShapeOf, Squeeze, Unsqueeze } from '../../ops/shape.ts';
import { Select } from '../../ops/condition.ts';
import { StridedSlice } from '../../ops/slice.ts';
import { Convert } from '../../ops/type.ts';
import { sameOp, type Branch, type BatchingRule, type BatchingRules, rulesFor } from './batcher.ts';
import { type BatchedValue, type NmsRows, batched, unbatched } from './batched-value.ts';
import { fillRagged, padRagged, selectedColumn, suppression } from './nms.ts';
import { fromGathers, fromSlices, fromSplit } from './unstacking.ts';

/** The axis with number `axis` of a lane, in the value that stacks the lanes. */
const moved = (axis: number, laneRank: number): number => (axis < 0 ? axis + laneRank : axis) + 1;

type Plain = Exclude<BatchedValue, NmsRows>;

/** The lanes of an input, unless they are rows of a suppression, which only their own rules understand. */
const plain = (lanes: BatchedValue | undefined): Plain | undefined => (lanes?.kind === 'selected' ? undefined : lanes);

/** All inputs of a branch, as far as every one has lanes. */
function inputsOf(branch: Branch): readonly Plain[] | undefined {
  const all: Plain[] = [];
  for (let i = 0; i < branch.node.inputs.length; i++) {
    const lanes = plain(branch.input(i));
    if (lanes === undefined) return undefined;
    all.push(lanes);
  }
  return all;
}

/** Ops whose elements stand each for itself, over values that broadcast. */
const elementwise: BatchingRule = branch => {
  const inputs = inputsOf(branch);
  if (inputs === undefined) return undefined;
  const { b, node: first } = branch;
  const [{ index }] = branch.values as [Value, ...Value[]];
  if (inputs.every(lanes => lanes.kind === 'uniform'))
    return unbatched(
      b.rebuild(
        first,
        inputs.map(lanes => lanes.value),
      )[index]!,
    );
  const ragged = inputs.find(lanes => lanes.kind === 'ragged');
  if (ragged !== undefined) {
    // Rows stand each for itself as well, as long as whatever else takes part is one number.
    const rows = inputs.map(lanes => {
      if (lanes.kind === 'ragged') return lanes.counts === ragged.counts ? lanes.rows : undefined;
      return lanes.kind === 'uniform' && lanes.value.shape.length === 0 ? lanes.value : undefined;
    });
    if (!rows.every(value => value !== undefined)) return undefined;
    return { kind: 'ragged', rows: b.rebuild(first, rows)[index]!, counts: ragged.counts };
  }
  const rank = Math.max(...first.inputs.map(input => input.shape.length));
  const values = inputs.map((lanes, i) => {
    if (lanes.kind === 'ragged') return undefined;
    const missing = rank - first.inputs[i]!.shape.length;
    return lanes.kind === 'uniform' ? lanes.value : unsqueezeLanes(b, lanes.value, missing);
  });
  if (!values.every(value => value !== undefined)) return undefined;
  return batched(b.rebuild(first, values)[index]!);
};

/** Ops whose second input says axes or a shape. */
const reshaping: BatchingRule = ({ node, b, input }) => {
  const [x, target] = [plain(input(0)), plain(input(1))];
  if (x === undefined || target?.kind !== 'uniform') return undefined;
  if (x.kind === 'uniform') return unbatched(b.rebuild(node, [x.value, target.value])[0]!);
  const known = target.value.partialValue;
  if (known === undefined || !isStatic(known)) return undefined;
  if (is(node, Reshape)) {
    if (x.kind === 'ragged' || node.attrs.special_zero) return undefined;
    const count = x.value.shape[0];
    return typeof count === 'number' ? batched(b.add(Reshape, [x.value, b.i64(count, ...known)])) : undefined;
  }
  if (x.kind === 'ragged') {
    // Only axes behind the first one: the rows stay rows.
    const rank = node.inputs[0]!.shape.length;
    const axes = known.map(axis => (axis < 0 ? axis + rank : axis));
    return is(node, Squeeze) && !axes.includes(0)
      ? { ...x, rows: b.rebuild(node, [x.rows, target.value])[0]! }
      : undefined;
  }
  const laneRank = is(node, Unsqueeze) ? node.outputs[0]!.shape.length : node.inputs[0]!.shape.length;
  return batched(b.rebuild(node, [x.value, b.i64(...known.map(axis => moved(axis, laneRank)))])[0]!);
};

const transposing: BatchingRule = ({ b, input }) => {
  const [x, order] = [plain(input(0)), plain(input(1))];
  const known = order?.kind === 'uniform' ? order.value.partialValue : undefined;
  if (x?.kind !== 'stacked' || known === undefined || !isStatic(known)) return undefined;
  return batched(b.add(Transpose, [x.value, b.i64(0, ...known.map(axis => axis + 1))]));
};

/** The sizes of lanes of different lengths are these lengths, and otherwise the same for all. */
const shapes: BatchingRule = ({ node, b, input, count }) => {
  const x = plain(input(0));
  if (x === undefined || !is(node, ShapeOf)) return undefined;
  if (x.kind === 'uniform') return unbatched(b.rebuild(node, [x.value])[0]!);
  if (x.kind === 'stacked') {
    const whole = b.add(ShapeOf, [x.value], { output_type: node.attrs.output_type });
    return unbatched(rest(b, whole));
  }
  const counts = b.add(Unsqueeze, [convert(b, x.counts, node.attrs.output_type), b.i64(1)]);
  const rank = node.inputs[0]!.shape.length;
  if (rank === 1) return batched(counts);
  const others = rest(b, b.add(ShapeOf, [x.rows], { output_type: node.attrs.output_type }));
  return batched(b.add(Concat, [counts, b.add(Broadcast, [others, b.i64(count, rank - 1)])], { axis: 1 }));
};

const convert = (b: Builder, x: Value, type: Value['type']): Value =>
  x.type === type ? x : b.add(Convert, [x], { destination_type: type });

/** All elements of a vector but the first. */
const rest = (b: Builder, vector: Value): Value =>
  b.add(Gather, [
    vector,
    b.i64(...Array.from({ length: Number(vector.shape[0]) - 1 }, (_, i) => i + 1)),
    b.scalar('i64', 0),
  ]);

/** The same slice of every lane. */
const slicing: BatchingRule = ({ node, b, input }) => {
  const x = input(0);
  const bounds = [1, 2, 3].map(i => input(i)).filter(lanes => lanes?.kind === 'uniform');
  const [begin, end, step] = bounds.map(lanes => lanes.value);
  if (!is(node, StridedSlice) || x?.kind !== 'stacked') return undefined;
  if (begin === undefined || end === undefined || step === undefined) return undefined;
  const front = (value: Value, number: number): Value =>
    b.add(Concat, [b.constant({ type: value.type, shape: [1], data: one(value.type, number) }), value], { axis: 0 });
  const { attrs } = node;
  return batched(
    b.add(StridedSlice, [x.value, front(begin, 0), front(end, 0), front(step, 1)], {
      begin_mask: [true, ...attrs.begin_mask],
      end_mask: [true, ...attrs.end_mask],
      new_axis_mask: [false, ...attrs.new_axis_mask],
      shrink_axis_mask: [false, ...attrs.shrink_axis_mask],
      ellipsis_mask: [false, ...attrs.ellipsis_mask],
    }),
  );
};

const one = (type: Value['type'], number: number): BigInt64Array | Int32Array =>
  type === 'i64' ? BigInt64Array.of(BigInt(number)) : Int32Array.of(number);

/** Elements at places along an axis. */
const gathering: BatchingRule = ({ node, b, input }) => {
  const [x, indices, axis] = [input(0), input(1), input(2)].map(plain);
  if (!is(node, Gather) || node.attrs.batch_dims !== 0 || axis?.kind !== 'uniform') return undefined;
  const known = axis.value.partialValue?.[0];
  if (typeof known !== 'number' || x === undefined || indices === undefined) return undefined;
  const laneRank = node.inputs[0]!.shape.length;
  const along = known < 0 ? known + laneRank : known;
  if (x.kind === 'uniform' && indices.kind === 'stacked') {
    // The lanes become the first axis only if the gathered one was the first.
    return along === 0 ? batched(b.add(Gather, [x.value, indices.value, b.scalar('i64', 0)])) : undefined;
  }
  if (x.kind === 'stacked' && indices.kind !== 'ragged') {
    const batch_dims = indices.kind === 'stacked' ? 1 : 0;
    return batched(b.add(Gather, [x.value, indices.value, b.scalar('i64', along + 1)], { batch_dims }));
  }
  if (x.kind === 'ragged' && indices.kind === 'uniform' && along > 0) {
    return { ...x, rows: b.add(Gather, [x.rows, indices.value, b.scalar('i64', along)]) };
  }
  return undefined;
};

/** Values joined within each lane. */
const joining: BatchingRule = branch => {
  const inputs = inputsOf(branch);
  const { node, b, count } = branch;
  if (inputs === undefined || !is(node, Concat) || inputs.some(lanes => lanes.kind === 'ragged')) {
    return undefined;
  }
  const values = inputs.map((lanes, i) => {
    if (lanes.kind === 'stacked') return lanes.value;
    const { shape } = node.inputs[i]!;
    if (lanes.kind === 'ragged' || !isStatic(shape)) return undefined;
    return b.add(Broadcast, [lanes.value, b.i64(count, ...shape)]);
  });
  if (!values.every(value => value !== undefined)) return undefined;
  return batched(b.add(Concat, values, { axis: moved(node.attrs.axis, node.outputs[0]!.shape.length) }));
};

/** A value spread over a shape that is the same in every lane. */
const spreading: BatchingRule = ({ node, b, input, count }) => {
  const [x, target] = [plain(input(0)), plain(input(1))];
  if (!is(node, Broadcast) || node.attrs.mode !== 'numpy' || target?.kind !== 'uniform') return undefined;
  if (x?.kind === 'uniform') return unbatched(b.rebuild(node, [x.value, target.value])[0]!);
  if (x?.kind !== 'stacked') return undefined;
  const missing = node.outputs[0]!.shape.length - node.inputs[0]!.shape.length;
  const aligned = unsqueezeLanes(b, x.value, missing);
  const whole = b.add(Concat, [b.i64(count), convert(b, target.value, 'i64')], { axis: 0 });
  return batched(b.add(Broadcast, [aligned, whole]));
};

/** Axes of size 1 in front of those of every lane. */
const unsqueezeLanes = (b: Builder, x: Value, axes: number): Value =>
  axes === 0 ? x : b.add(Unsqueeze, [x, b.i64(...Array.from({ length: axes }, (_, k) => k + 1))]);

/** How each op is done for all lanes at once. */
export const BATCHING_RULES: BatchingRules = rulesFor(
  [[Split], fromSplit],
  [[Gather], fromGathers],
  [[StridedSlice], fromSlices],
  [[NonMaxSuppression], sameOp(suppression)],
  [[Gather], sameOp(selectedColumn)],
  [[Concat], sameOp(fillRagged)],
  [[Pad], sameOp(padRagged)],
  [[...BROADCASTING, ...ELEMENTWISE, Select], sameOp(elementwise)],
  [[Reshape, Squeeze, Unsqueeze], sameOp(reshaping)],
  [[Transpose], sameOp(transposing)],
  [[ShapeOf], sameOp(shapes)],
  [[StridedSlice], sameOp(slicing)],
  [[Gather], sameOp(gathering)],
  [[Concat], sameOp(joining)],
  [[Broadcast], sameOp(spreading)],
);
