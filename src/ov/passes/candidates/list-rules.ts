import { normalizeAxis } from '../../../tensor/axis.ts';
import { constantOf, is, type Op, type Value } from '../../graph.ts';
import { NonZero } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { Concat, Split } from '../../ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from '../../ops/shape.ts';
import { Slice, StridedSlice } from '../../ops/slice.ts';
import { TopK } from '../../ops/sort.ts';
import { Convert } from '../../ops/type.ts';
import { isLengthOf } from './length-rules.ts';
import {
  axisInput,
  knownNumbers,
  type MeaningRule,
  plainValue,
  type RowContext,
  rows,
  scalarOf,
} from './meaning-rule.ts';
import { lengthOf, type Meaning, type RowList, type RowsMeaning, tableSize } from './row-list.ts';

/** The rules for values with a row per row of a list. */

/** An op that works on each row alone: every input has a row per row of one list, or is the same for all rows. */
export const rowByRow: MeaningRule = (node, context) => {
  const rank = node.outputs[0]!.shape.length;
  let list: RowList | undefined;
  for (const input of node.inputs) {
    const meaning = context.of(input);
    if (meaning.kind === 'rows') {
      if (meaning.pointsTo !== undefined || meaning.axes !== 1 || input.shape.length !== rank) return undefined;
      if (list !== undefined && list !== meaning.list) return undefined;
      list = meaning.list;
    } else if (meaning.kind !== 'plain' || (input.shape.length === rank && input.shape[0] !== 1)) {
      return undefined;
    }
  }
  return list === undefined ? undefined : rows(list);
};

const column: MeaningRule = (node, context) => {
  const [data, index] = node.inputs as readonly [Value, Value];
  const x = context.of(data);
  if (x.kind !== 'rows' || x.list.kind !== 'selected' || axisInput(node, 2, data.shape.length) !== 1) return undefined;
  return context.of(index).kind === 'plain' ? rows(x.list) : undefined;
};

const lookup: MeaningRule = (node, context) => {
  const [data, indices] = node.inputs as readonly [Value, Value];
  const x = context.of(data);
  const at = context.of(indices);
  if (at.kind !== 'rows' || axisInput(node, 2, data.shape.length) !== 0) return undefined;
  if (x.kind === 'extended') {
    if (at.pointsTo !== 'extended') return undefined;
    return rows(at.list, at.axes, { filler: at.list.kind === 'table' ? x.filler : undefined });
  }
  if (x.kind === 'rows') {
    return at.pointsTo === x.list && x.axes === 1 ? rows(at.list, at.axes, { pointsTo: x.pointsTo }) : undefined;
  }
  if (x.kind !== 'plain' || indices.shape.length !== at.axes) return undefined;
  if (at.pointsTo === undefined) return rows(at.list, at.axes);
  // A constant with an element per row of a table, such as its class.
  const isTable = at.pointsTo !== 'extended' && data.shape[0] === tableSize(at.pointsTo);
  return isTable && constantOf(data) !== undefined ? rows(at.list, at.axes) : undefined;
};

function firstRows(x: Meaning, count: number | undefined, context: RowContext): RowsMeaning | undefined {
  if (x.kind !== 'rows' || x.axes !== 1 || count === undefined) return undefined;
  const list = context.first(x.list, count);
  return list === undefined ? undefined : rows(list, 1, { pointsTo: x.pointsTo });
}

const firstGathered: MeaningRule = (node, context) => {
  const [data, indices] = node.inputs as readonly [Value, Value];
  const positions = knownNumbers(plainValue(context.of(indices)));
  const areFirst = indices.shape.length === 1 && positions?.every((position, i) => position === i) === true;
  if (!areFirst || axisInput(node, 2, data.shape.length) !== 0) return undefined;
  return firstRows(context.of(data), positions.length, context);
};

const firstOfStridedSlice: MeaningRule = (node, context) => {
  if (!is(node, StridedSlice) || node.attrs.shrink_axis_mask.includes(true)) return undefined;
  const begin = knownNumbers(node.inputs[1]);
  const end = knownNumbers(plainValue(context.of(node.inputs[2]!)));
  const [isOpen, ...others] = node.attrs.end_mask;
  const fromStart = begin?.every((at, axis) => at === 0 || node.attrs.begin_mask[axis] === true) === true;
  const steps = knownNumbers(node.inputs[3])?.every(step => step === 1) ?? true;
  if (isOpen === true || !others.every(open => open) || !fromStart || !steps) return undefined;
  return firstRows(context.of(node.inputs[0]!), end?.[0], context);
};

/** A slice along axes after the first. */
const slicedRows: MeaningRule = (node, context) => {
  if (!is(node, StridedSlice)) return undefined;
  const { begin_mask, end_mask, shrink_axis_mask, new_axis_mask, ellipsis_mask } = node.attrs;
  const x = context.of(node.inputs[0]!);
  const isWhole = begin_mask[0] === true && end_mask[0] === true && shrink_axis_mask[0] !== true;
  const addsAxes = new_axis_mask.includes(true) || ellipsis_mask.includes(true);
  if (x.kind !== 'rows' || x.axes !== 1 || x.pointsTo !== undefined || !isWhole || addsAxes) return undefined;
  const limits = node.inputs.slice(1).map(input => knownNumbers(plainValue(context.of(input))));
  return limits.every(numbers => numbers !== undefined) && (limits[2]?.[0] ?? 1) === 1 ? rows(x.list) : undefined;
};

const firstOfSlice: MeaningRule = (node, context) => {
  const [begin, end, step, axis] = node.inputs.slice(1).map(input => scalarOf(plainValue(context.of(input))));
  return begin === 0 && step === 1 && axis === 0 ? firstRows(context.of(node.inputs[0]!), end, context) : undefined;
};

const sorted: MeaningRule = (node, context) => {
  if (!is(node, TopK)) return undefined;
  const { axis, mode, sort, stable } = node.attrs;
  const [key, k] = node.inputs as readonly [Value, Value];
  const x = context.of(key);
  if (x.kind !== 'rows' || x.axes !== 1 || x.pointsTo !== undefined || key.shape.length !== 1) return undefined;
  if (axis !== 0 || mode !== 'max' || sort !== 'value' || !stable) return undefined;
  if (!isLengthOf(k, x.list, tableSize(lengthOf(x.list)), context)) return undefined;
  const list: RowList = { kind: 'sorted', of: x.list, key };
  return [rows(list), rows(list, 1, { pointsTo: x.list })];
};

/** The first rows in the order of their scores, or fillers if there are too few rows. */
const firstSorted: MeaningRule = (node, context) => {
  if (!is(node, TopK)) return undefined;
  const { axis, mode, sort, stable } = node.attrs;
  const x = context.of(node.inputs[0]!);
  const count = scalarOf(node.inputs[1]);
  if (x.kind !== 'extended' || axis !== 0 || mode !== 'max' || sort !== 'value' || !stable) return undefined;
  if (x.rows.shape.length !== 1 || count === undefined || count > x.fillers) return undefined;
  const list = context.first({ kind: 'sorted', of: { kind: 'selected' }, key: x.rows }, count);
  return list === undefined ? undefined : [rows(list), rows(list, 1, { pointsTo: 'extended' })];
};

const filtered: MeaningRule = (node, context) => {
  const mask = node.inputs[0]!;
  const x = context.of(mask);
  if (x.kind !== 'rows' || x.axes !== 1 || mask.type !== 'boolean' || mask.shape.length !== 1) return undefined;
  return { kind: 'positions-row', list: { kind: 'filtered', of: x.list, mask } };
};

const filteredPositions: MeaningRule = (node, context) => {
  const x = context.of(node.inputs[0]!);
  const isVector = x.kind === 'positions-row' && node.outputs[0]!.shape.length === 1 && 'of' in x.list;
  return isVector ? rows(x.list, 1, { pointsTo: x.list.of }) : undefined;
};

/** An op that adds or removes axes after the first. */
const reshapedRows: MeaningRule = (node, context) => {
  const [data, axes] = node.inputs as readonly [Value, Value | undefined];
  const x = context.of(data);
  const rank = Math.max(data.shape.length, node.outputs[0]!.shape.length);
  const afterFirst = knownNumbers(axes)?.every(axis => normalizeAxis(axis, rank) > 0) === true;
  return x.kind === 'rows' && x.axes === 1 && afterFirst ? rows(x.list) : undefined;
};

const split: MeaningRule = (node, context) => {
  const axis = axisInput(node, 1, node.inputs[0]!.shape.length);
  const x = context.of(node.inputs[0]!);
  return x.kind === 'rows' && x.axes === 1 && axis !== undefined && axis > 0 ? rows(x.list) : undefined;
};

const joined: MeaningRule = (node, context) =>
  is(node, Concat) && normalizeAxis(node.attrs.axis, node.inputs[0]!.shape.length) > 0
    ? rowByRow(node, context)
    : undefined;

const converted: MeaningRule = (node, context) => {
  const x = context.of(node.inputs[0]!);
  return x.kind === 'rows' || x.kind === 'positions-row' ? x : undefined;
};

export const LIST_RULES: readonly (readonly [Op, MeaningRule])[] = [
  [Gather, column],
  [Gather, lookup],
  [Gather, firstGathered],
  [StridedSlice, firstOfStridedSlice],
  [StridedSlice, slicedRows],
  [Slice, firstOfSlice],
  [TopK, sorted],
  [TopK, firstSorted],
  [NonZero, filtered],
  [Reshape, filteredPositions],
  [Squeeze, filteredPositions],
  [Squeeze, reshapedRows],
  [Unsqueeze, reshapedRows],
  [Split, split],
  [Concat, joined],
  [Convert, converted],
];
