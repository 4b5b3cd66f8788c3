import { dimEquals } from '../../../tensor/dim.ts';
import { is, type Node, type Value } from '../../graph.ts';
import { Gather } from '../../ops/gather.ts';
import { Split } from '../../ops/movement.ts';
import { Unsqueeze } from '../../ops/shape.ts';
import { StridedSlice } from '../../ops/slice.ts';
import { permuted } from '../../permutation.ts';
import type { Builder } from '../../builder.ts';
import type { BatchingRule } from './batcher.ts';
import { type BatchedValue, batched } from './batched-value.ts';

/** Lanes that are the positions of one value along an axis: that value, with the axis in front. */

/** Positions of `x` along an axis as lanes, which keep the axis with size 1 or lose it. */
function positionsOf(
  x: Value,
  axis: number,
  positions: readonly number[],
  keepsAxis: boolean,
  b: Builder,
): BatchedValue {
  const inOrder = positions.every((position, i) => position === i) && x.shape[axis] === positions.length;
  const chosen = inOrder ? x : b.add(Gather, [x, b.i64(...positions), b.scalar('i64', axis)]);
  const order = [axis, ...x.shape.map((_, i) => i).filter(i => i !== axis)];
  const front = permuted(b, chosen, order);
  return batched(keepsAxis ? b.add(Unsqueeze, [front, b.i64(axis + 1)]) : front);
}

/** Outputs of one Split that are one position each. */
export const fromSplit: BatchingRule = ({ values, node, b }) => {
  if (!is(node, Split) || values.some(value => value.node !== node)) return undefined;
  const x = node.inputs[0]!;
  const axis = node.inputs[1]!.partialValue?.[0];
  if (typeof axis !== 'number') return undefined;
  const along = axis < 0 ? axis + x.shape.length : axis;
  if (node.outputs[0]!.shape[along] !== 1) return undefined;
  return positionsOf(
    x,
    along,
    values.map(value => value.index),
    true,
    b,
  );
};

/** Gathers of one value at one known place each. */
export const fromGathers: BatchingRule = ({ values, b }) => {
  const places = values.map(value => placeOf(value.node));
  const [first] = places;
  if (first === undefined || !places.every(place => place !== undefined)) return undefined;
  if (places.some(place => place.x !== first.x || place.axis !== first.axis || place.keeps !== first.keeps))
    return undefined;

  return positionsOf(
    first.x,
    first.axis,
    places.map(place => place.index),
    first.keeps,
    b,
  );
};

function placeOf(node: Node): { x: Value; axis: number; index: number; keeps: boolean } | undefined {
  if (!is(node, Gather) || node.attrs.batch_dims !== 0) return undefined;
  const [x, indices, axis] = node.inputs;
  const [index, ...others] = indices!.partialValue ?? [];
  const along = axis!.partialValue?.[0];
  if (typeof index !== 'number' || others.length > 0 || typeof along !== 'number' || index < 0) return undefined;
  return { x: x!, axis: along < 0 ? along + x!.shape.length : along, index, keeps: indices!.shape.length > 0 };
}

/** Slices of one value that are one position of one axis each, and are the same along all others. */
export const fromSlices: BatchingRule = ({ values, b }) => {
  const slices = values.map(value => sliceOf(value.node));
  const [first] = slices;
  if (first === undefined || !slices.every(slice => slice !== undefined)) return undefined;
  if (slices.some(slice => slice.x !== first.x || slice.masks !== first.masks)) return undefined;
  const axes = first.begin.map((_, axis) => axis);
  const [along, ...more] = axes.filter(axis =>
    slices.some(slice => !dimEquals(slice.begin[axis]!, first.begin[axis]!)),
  );
  if (along === undefined || more.length > 0) return undefined;
  const positions = slices.map(slice => slice.begin[along]!);
  if (!positions.every(position => typeof position === 'number' && position >= 0)) return undefined;
  const { attrs, inputs } = first.node;
  const drops = attrs.shrink_axis_mask[along] === true;
  const single = drops || slices.every((slice, i) => slice.end[along] === Number(positions[i]) + 1);
  const sameElsewhere = axes.every(
    axis =>
      axis === along ||
      attrs.end_mask[axis] === true ||
      slices.every(slice => dimEquals(slice.end[axis]!, first.end[axis]!)),
  );
  if (!single || !sameElsewhere || attrs.begin_mask[along] === true) return undefined;
  if (attrs.shrink_axis_mask.some((shrinks, axis) => shrinks && axis !== along)) return undefined;
  // What all slices have in common is cut first; the axis that tells them apart stays whole.
  const common = b.add(StridedSlice, [first.x, ...inputs.slice(1)], {
    ...attrs,
    begin_mask: attrs.begin_mask.map((mask, axis) => mask || axis === along),
    end_mask: attrs.end_mask.map((mask, axis) => mask || axis === along),
    shrink_axis_mask: attrs.shrink_axis_mask.map(() => false),
  });
  return positionsOf(common, along, positions.map(Number), !drops, b);
};

function sliceOf(node: Node) {
  if (!is(node, StridedSlice)) return undefined;
  const { attrs, inputs } = node;
  const [x, begin, end, step] = inputs;
  if (attrs.new_axis_mask.includes(true) || attrs.ellipsis_mask.includes(true)) return undefined;
  if (step?.partialValue?.every(size => size === 1) !== true) return undefined;
  if (begin!.partialValue === undefined || end!.partialValue === undefined) return undefined;
  return { node, x: x!, begin: begin!.partialValue, end: end!.partialValue, masks: JSON.stringify(attrs) };
}
