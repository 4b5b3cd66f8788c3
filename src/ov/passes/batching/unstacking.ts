import { normalizeAxis } from '../../../tensor/axis.ts';
import { type Dim, dimEquals } from '../../../tensor/dim.ts';
import { allDefined } from '../../all-defined.ts';
import { attributeKey, type AttributesOf } from '../../attributes.ts';
import type { Builder } from '../../builder.ts';
import { is, type Node, type Value } from '../../graph.ts';
import { Gather } from '../../ops/gather.ts';
import { Split } from '../../ops/movement.ts';
import { StridedSlice } from '../../ops/slice.ts';
import { permuted } from '../../permutation.ts';
import { unsqueeze } from '../../shorthand.ts';
import type { BatchingRule } from './batcher.ts';
import { type BatchedValue, batched } from './batched-value.ts';

/** If the copies are the positions of a value along an axis, that value with the axis in front is their batch. */

function batchPositions(
  x: Value,
  axis: number,
  positions: readonly number[],
  keepsAxis: boolean,
  b: Builder,
): BatchedValue {
  const isWhole = positions.every((position, i) => position === i) && x.shape[axis] === positions.length;
  const chosen = isWhole ? x : b.add(Gather, [x, b.i64(...positions), b.scalar('i64', axis)]);
  const order = [axis, ...x.shape.map((_, i) => i).filter(i => i !== axis)];
  const front = permuted(b, chosen, order);
  return batched(keepsAxis ? unsqueeze(b, front, axis + 1) : front);
}

export const unstackSplit: BatchingRule = ({ values, node, b }) => {
  if (!is(node, Split) || values.some(value => value.node !== node)) return undefined;
  const x = node.inputs[0]!;
  const axis = node.inputs[1]!.partialValue?.[0];
  if (typeof axis !== 'number') return undefined;
  const along = normalizeAxis(axis, x.shape.length);
  if (node.outputs[0]!.shape[along] !== 1) return undefined;
  const positions = values.map(value => value.index);
  return batchPositions(x, along, positions, true, b);
};

export const unstackGathers: BatchingRule = ({ values, b }) => {
  const gathered = allDefined(values, value => gatheredPosition(value.node));
  if (gathered === undefined) return undefined;
  const { x, axis, keepsAxis } = gathered[0]!;
  if (gathered.some(own => own.x !== x || own.axis !== axis || own.keepsAxis !== keepsAxis)) return undefined;
  const positions = gathered.map(own => own.position);
  return batchPositions(x, axis, positions, keepsAxis, b);
};

interface GatheredPosition {
  readonly x: Value;
  readonly axis: number;
  readonly position: number;
  readonly keepsAxis: boolean;
}

function gatheredPosition(node: Node): GatheredPosition | undefined {
  if (!is(node, Gather) || node.attrs.batch_dims !== 0) return undefined;
  const x = node.inputs[0]!;
  const indices = node.inputs[1]!;
  const [position, ...others] = indices.partialValue ?? [];
  const axis = node.inputs[2]!.partialValue?.[0];
  if (typeof position !== 'number' || others.length > 0 || typeof axis !== 'number' || position < 0) return undefined;
  return { x, axis: normalizeAxis(axis, x.shape.length), position, keepsAxis: indices.shape.length > 0 };
}

/** Slices of one value that take one position of the same axis each, and do not differ along other axes. */
export const unstackSlices: BatchingRule = ({ values, b }) => {
  const slices = allDefined(values, value => simpleSlice(value.node));
  if (slices === undefined) return undefined;
  const { x, key, begin, end, attrs, bounds } = slices[0]!;
  if (slices.some(slice => slice.x !== x || slice.key !== key)) return undefined;
  const axes = begin.map((_, axis) => axis);
  const differing = axes.filter(axis => slices.some(slice => !dimEquals(slice.begin[axis]!, begin[axis]!)));
  const [along] = differing;
  if (along === undefined || differing.length > 1) return undefined;
  const positions = allDefined(slices, slice => {
    const position = slice.begin[along];
    return typeof position === 'number' && position >= 0 ? position : undefined;
  });
  if (positions === undefined) return undefined;
  const drops = attrs.shrink_axis_mask[along] === true;
  const single = drops || slices.every((slice, i) => slice.end[along] === positions[i]! + 1);
  const sameElsewhere = axes.every(
    axis =>
      axis === along || attrs.end_mask[axis] === true || slices.every(slice => dimEquals(slice.end[axis]!, end[axis]!)),
  );
  if (!single || !sameElsewhere || attrs.begin_mask[along] === true) return undefined;
  if (attrs.shrink_axis_mask.some((shrinks, axis) => shrinks && axis !== along)) return undefined;
  const common = b.add(StridedSlice, [x, ...bounds], {
    ...attrs,
    begin_mask: attrs.begin_mask.map((mask, axis) => mask || axis === along),
    end_mask: attrs.end_mask.map((mask, axis) => mask || axis === along),
    shrink_axis_mask: attrs.shrink_axis_mask.map(() => false),
  });
  return batchPositions(common, along, positions, !drops, b);
};

interface SimpleSlice {
  readonly x: Value;
  readonly bounds: readonly Value[];
  readonly begin: readonly Dim[];
  readonly end: readonly Dim[];
  readonly attrs: AttributesOf<(typeof StridedSlice)['attributes']>;
  readonly key: string;
}

function simpleSlice(node: Node): SimpleSlice | undefined {
  if (!is(node, StridedSlice)) return undefined;
  const { attrs } = node;
  const [x, ...bounds] = node.inputs as [Value, ...Value[]];
  const begin = bounds[0]!.partialValue;
  const end = bounds[1]!.partialValue;
  const step = bounds[2];
  if (attrs.new_axis_mask.includes(true) || attrs.ellipsis_mask.includes(true)) return undefined;
  if (step?.partialValue?.every(size => size === 1) !== true) return undefined;
  if (begin === undefined || end === undefined) return undefined;
  return { x, bounds, begin, end, attrs, key: attributeKey(node) };
}
