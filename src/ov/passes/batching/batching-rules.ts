import { normalizeAxis } from '../../../tensor/axis.ts';
import { isStatic } from '../../../tensor/dim.ts';
import { vector } from '../../../tensor/tensor.ts';
import { allDefined } from '../../all-defined.ts';
import type { Builder } from '../../builder.ts';
import { is, type Op, type Value } from '../../graph.ts';
import { nodeAxes, withAxes } from '../../node-axes.ts';
import { Gather } from '../../ops/gather.ts';
import { Broadcast, Concat, Pad, Split, Transpose } from '../../ops/movement.ts';
import { Reshape, ShapeOf, Unsqueeze } from '../../ops/shape.ts';
import { StridedSlice } from '../../ops/slice.ts';
import { NonMaxSuppression } from '../../ops/sort.ts';
import { convert, unsqueeze } from '../../shorthand.ts';
import type { BatchingRule, BatchingRules, Copies } from './batcher.ts';
import { type BatchedValue, type NmsRows, batched, unbatched } from './batched-value.ts';
import { batchNms, gatherNmsBoxes, padRaggedByConcat, padRagged } from './nms.ts';
import { unstackGathers, unstackSlices, unstackSplit } from './unstacking.ts';

type Input = Exclude<BatchedValue, NmsRows>;

/** The rows of an NMS are left to the rules for them. */
function inputOf(copies: Copies, i: number): Input | undefined {
  const input = copies.input(i);
  return input?.kind === 'nms-rows' ? undefined : input;
}

const inputsOf = (copies: Copies): readonly Input[] | undefined =>
  allDefined(copies.node.inputs, (_, i) => inputOf(copies, i));

const sameElements = (input: BatchedValue | undefined): readonly number[] | undefined =>
  input?.kind === 'unbatched' && input.value.partialValue !== undefined && isStatic(input.value.partialValue)
    ? input.value.partialValue
    : undefined;

const batchElementwise: BatchingRule = copies => {
  const { node, b, values } = copies;
  const x = inputOf(copies, 0);
  const parameters = allDefined(node.inputs.slice(1), (_, i) => {
    const parameter = inputOf(copies, i + 1);
    return parameter?.kind === 'unbatched' ? parameter.value : undefined;
  });
  if (x === undefined || x.kind === 'unbatched' || parameters === undefined) return undefined;
  const apply = (data: Value): Value => b.rebuild(node, [data, ...parameters])[values[0]!.index]!;
  return x.kind === 'ragged' ? { ...x, rows: apply(x.rows) } : batched(apply(x.value));
};

const batchBroadcastingOp: BatchingRule = copies => {
  const inputs = inputsOf(copies);
  if (inputs === undefined) return undefined;
  const { b, node, values } = copies;
  const { index } = values[0]!;
  const ragged = inputs.find(input => input.kind === 'ragged');
  if (ragged !== undefined) {
    // Rows do not depend on each other, as long as all other inputs are scalars or ragged in the same way.
    const rows = allDefined(inputs, input => {
      if (input.kind === 'ragged') return input.counts === ragged.counts ? input.rows : undefined;
      return input.kind === 'unbatched' && input.value.shape.length === 0 ? input.value : undefined;
    });
    return rows === undefined ? undefined : { ...ragged, rows: b.rebuild(node, rows)[index]! };
  }
  const rank = Math.max(...node.inputs.map(input => input.shape.length));
  const aligned = allDefined(inputs, (input, i) => {
    if (input.kind === 'ragged') return undefined;
    const missing = rank - node.inputs[i]!.shape.length;
    return input.kind === 'unbatched' ? input.value : insertAxes(b, input.value, missing);
  });
  return aligned === undefined ? undefined : batched(b.rebuild(node, aligned)[index]!);
};

const batchAlongAxes: BatchingRule = copies => {
  const { node, b, size, values } = copies;
  const { index } = values[0]!;
  const axes = nodeAxes(node);
  const inputs = inputsOf(copies);
  if (axes === undefined || inputs === undefined) return undefined;
  const data = node.op.traits!.concatenates === true ? inputs : inputs.slice(0, 1);
  const parameters = allDefined(inputs.slice(data.length), input =>
    input.kind === 'unbatched' ? input.value : undefined,
  );
  if (parameters === undefined) return undefined;
  const [x] = data;
  if (x?.kind === 'ragged') {
    if (data.length > 1 || axes.includes(0)) return undefined;
    return { ...x, rows: b.rebuild(node, [x.rows, ...parameters])[index]! };
  }
  const stacked = allDefined(data, (input, i) => {
    if (input.kind === 'batched') return input.value;
    const { shape } = node.inputs[i]!;
    if (input.kind === 'ragged' || !isStatic(shape)) return undefined;
    return b.add(Broadcast, [input.value, b.i64(size, ...shape)]);
  });
  if (stacked === undefined) return undefined;
  const moved = axes.map(axis => axis + 1);
  return batched(withAxes(node, [...stacked, ...parameters], moved, b)[index]!);
};

const batchReshape: BatchingRule = copies => {
  const { node, b, size } = copies;
  const x = inputOf(copies, 0);
  const target = sameElements(copies.input(1));
  if (!is(node, Reshape) || node.attrs.special_zero || x?.kind !== 'batched' || target === undefined) return undefined;
  return batched(b.add(Reshape, [x.value, b.i64(size, ...target)]));
};

const batchUnsqueeze: BatchingRule = copies => {
  const { node, b } = copies;
  const x = inputOf(copies, 0);
  const axes = sameElements(copies.input(1));
  if (x?.kind !== 'batched' || axes === undefined) return undefined;
  const rank = node.outputs[0]!.shape.length;
  const moved = axes.map(axis => normalizeAxis(axis, rank) + 1);
  return batched(unsqueeze(b, x.value, ...moved));
};

const batchTranspose: BatchingRule = copies => {
  const x = inputOf(copies, 0);
  const order = sameElements(copies.input(1));
  if (x?.kind !== 'batched' || order === undefined) return undefined;
  const { b } = copies;
  return batched(b.add(Transpose, [x.value, b.i64(0, ...order.map(axis => axis + 1))]));
};

/** Shapes are the same in all copies, except for the lengths of ragged ones. */
const batchShapeOf: BatchingRule = copies => {
  const { node, b, size } = copies;
  const x = inputOf(copies, 0);
  if (!is(node, ShapeOf) || x === undefined || x.kind === 'unbatched') return undefined;
  const { output_type } = node.attrs;
  if (x.kind === 'batched') return unbatched(withoutFirst(b, b.add(ShapeOf, [x.value], { output_type })));
  const lengths = unsqueeze(b, convert(b, x.counts, output_type), 1);
  const rank = node.inputs[0]!.shape.length;
  if (rank === 1) return batched(lengths);
  const rest = withoutFirst(b, b.add(ShapeOf, [x.rows], { output_type }));
  return batched(b.add(Concat, [lengths, b.add(Broadcast, [rest, b.i64(size, rank - 1)])], { axis: 1 }));
};

const withoutFirst = (b: Builder, vector: Value): Value =>
  b.add(Gather, [
    vector,
    b.i64(...Array.from({ length: Number(vector.shape[0]) - 1 }, (_, i) => i + 1)),
    b.scalar('i64', 0),
  ]);

const batchSlice: BatchingRule = ({ node, b, input }) => {
  const x = input(0);
  const bounds = [1, 2, 3].map(i => input(i)).filter(bound => bound?.kind === 'unbatched');
  const [begin, end, step] = bounds.map(bound => bound.value);
  if (!is(node, StridedSlice) || x?.kind !== 'batched') return undefined;
  if (begin === undefined || end === undefined || step === undefined) return undefined;
  const prepend = (element: number, values: Value): Value =>
    b.add(Concat, [b.constant(vector(values.type, [element])), values], { axis: 0 });
  const { attrs } = node;
  return batched(
    b.add(StridedSlice, [x.value, prepend(0, begin), prepend(0, end), prepend(1, step)], {
      begin_mask: [true, ...attrs.begin_mask],
      end_mask: [true, ...attrs.end_mask],
      new_axis_mask: [false, ...attrs.new_axis_mask],
      shrink_axis_mask: [false, ...attrs.shrink_axis_mask],
      ellipsis_mask: [false, ...attrs.ellipsis_mask],
    }),
  );
};

const batchGather: BatchingRule = copies => {
  const { node, b } = copies;
  const x = inputOf(copies, 0);
  const indices = inputOf(copies, 1);
  const axis = sameElements(copies.input(2))?.[0];
  if (!is(node, Gather) || node.attrs.batch_dims !== 0) return undefined;
  if (x === undefined || indices === undefined || axis === undefined) return undefined;
  const along = normalizeAxis(axis, node.inputs[0]!.shape.length);
  if (x.kind === 'unbatched' && indices.kind === 'batched') {
    // The axis of the copies becomes the first one only if the gathered axis is the first one.
    return along === 0 ? batched(b.add(Gather, [x.value, indices.value, b.scalar('i64', 0)])) : undefined;
  }
  if (x.kind === 'batched' && indices.kind !== 'ragged') {
    const batch_dims = indices.kind === 'batched' ? 1 : 0;
    return batched(b.add(Gather, [x.value, indices.value, b.scalar('i64', along + 1)], { batch_dims }));
  }
  if (x.kind === 'ragged' && indices.kind === 'unbatched' && along > 0) {
    return { ...x, rows: b.add(Gather, [x.rows, indices.value, b.scalar('i64', along)]) };
  }
  return undefined;
};

const batchBroadcast: BatchingRule = copies => {
  const { node, b, size } = copies;
  const x = inputOf(copies, 0);
  const target = inputOf(copies, 1);
  if (!is(node, Broadcast) || node.attrs.mode !== 'numpy') return undefined;
  if (x?.kind !== 'batched' || target?.kind !== 'unbatched') return undefined;
  const missing = node.outputs[0]!.shape.length - node.inputs[0]!.shape.length;
  const aligned = insertAxes(b, x.value, missing);
  const shape = b.add(Concat, [b.i64(size), convert(b, target.value, 'i64')], { axis: 0 });
  return batched(b.add(Broadcast, [aligned, shape]));
};

const insertAxes = (b: Builder, x: Value, count: number): Value =>
  unsqueeze(b, x, ...Array.from({ length: count }, (_, k) => k + 1));

const UNSTACKING: ReadonlyMap<Op, readonly BatchingRule[]> = new Map<Op, readonly BatchingRule[]>([
  [Split, [unstackSplit]],
  [Gather, [unstackGathers]],
  [StridedSlice, [unstackSlices]],
]);

/** Rules for ops whose traits do not suffice, tried before those of the traits. */
const BATCHING: ReadonlyMap<Op, readonly BatchingRule[]> = new Map<Op, readonly BatchingRule[]>([
  [Broadcast, [batchBroadcast]],
  [Concat, [padRaggedByConcat]],
  [Gather, [gatherNmsBoxes, batchGather]],
  [NonMaxSuppression, [batchNms]],
  [Pad, [padRagged]],
  [Reshape, [batchReshape]],
  [ShapeOf, [batchShapeOf]],
  [StridedSlice, [batchSlice]],
  [Transpose, [batchTranspose]],
  [Unsqueeze, [batchUnsqueeze]],
]);

function rulesOfTraits({ traits }: Op): readonly BatchingRule[] {
  if (traits?.broadcast === 'common') return [batchBroadcastingOp];
  if (traits?.elementwise === true && traits.broadcast === undefined) return [batchElementwise];
  return traits?.axes === undefined ? [] : [batchAlongAxes];
}

export const BATCHING_RULES: BatchingRules = {
  unstacking: op => UNSTACKING.get(op) ?? [],
  batching: op => [...(BATCHING.get(op) ?? []), ...rulesOfTraits(op)],
};
