import { is, type Op, type Value } from '../../graph.ts';
import { Add, CumSum } from '../../ops/arithmetic.ts';
import { Equal, Less } from '../../ops/comparison.ts';
import { Select } from '../../ops/condition.ts';
import { Concat } from '../../ops/movement.ts';
import { ReduceSum } from '../../ops/reduction.ts';
import { Reshape, Squeeze, Unsqueeze } from '../../ops/shape.ts';
import { StridedSlice } from '../../ops/slice.ts';
import { Convert } from '../../ops/type.ts';
import { uniformElement } from '../../uniform-element.ts';
import { axisInput, isCounting, type MeaningRule, plainValue, rows } from './meaning-rule.ts';
import { tableSize } from './row-list.ts';

/** The rules for tables with the same number of rows per class, as batched NMS makes them of the selected rows. */

const classRow: MeaningRule = (node, context) => {
  const [data] = node.inputs as readonly [Value];
  const isRow = data.shape.length === 1 && node.outputs[0]!.shape[0] === 1;
  return isRow && context.isClass(data) ? { kind: 'class-row' } : undefined;
};

const membership: MeaningRule = (node, context) => {
  const [classes, given] = node.inputs as readonly [Value, Value];
  const count = classes.shape[0];
  if (context.of(given).kind !== 'class-row' || classes.shape.length !== 2 || typeof count !== 'number')
    return undefined;
  return isCounting(classes, count) ? { kind: 'membership' } : undefined;
};

const counts: MeaningRule = (node, context) => {
  const [members] = node.inputs as readonly [Value];
  const isVector = node.outputs[0]!.shape.length === 1;
  const along = axisInput(node, 1, members.shape.length);
  return context.of(members).kind === 'membership' && along === 1 && isVector ? { kind: 'counts' } : undefined;
};

const starts: MeaningRule = (node, context) => {
  if (!is(node, CumSum) || context.of(node.inputs[0]!).kind !== 'counts') return undefined;
  const isVector = node.outputs[0]!.shape.length === 1;
  return node.attrs.exclusive && !node.attrs.reverse && isVector ? { kind: 'starts' } : undefined;
};

const positions: MeaningRule = (node, context) => {
  const [first, position] = node.inputs as readonly [Value, Value];
  const perClass = node.outputs[0]!.shape[1];
  if (context.of(first).kind !== 'starts' || first.shape.length !== 2 || typeof perClass !== 'number') return undefined;
  return isCounting(position, perClass) ? { kind: 'positions' } : undefined;
};

const valid: MeaningRule = (node, context) => {
  const [position, count] = node.inputs as readonly [Value, Value];
  const perClass = node.outputs[0]!.shape[1];
  if (context.of(count).kind !== 'counts' || typeof perClass !== 'number') return undefined;
  return isCounting(position, perClass) ? { kind: 'valid' } : undefined;
};

/** Where the rows of a table are among the selected ones, or the rows without the fillers. */
const table: MeaningRule = (node, context) => {
  const [condition, x, y] = node.inputs as readonly [Value, Value, Value];
  if (context.of(condition).kind !== 'valid') return undefined;
  const chosen = context.of(x);
  if (chosen.kind === 'positions') {
    const [classes, perClass] = node.outputs[0]!.shape as readonly [number, number];
    const list = context.table(classes, perClass);
    return list === undefined ? undefined : rows(list, 2, { pointsTo: 'extended' });
  }
  if (chosen.kind !== 'rows' || chosen.axes !== 2 || chosen.list.kind !== 'table') return undefined;
  return rows(chosen.list, 2, { filler: uniformElement(y) });
};

const extended: MeaningRule = (node, context) => {
  const [data, filler, ...others] = node.inputs as readonly [Value, Value?, ...Value[]];
  const x = context.of(data);
  if (!is(node, Concat) || node.attrs.axis !== 0 || x.kind !== 'rows' || x.list.kind !== 'selected') return undefined;
  const fillers = filler?.shape[0];
  if (others.length > 0 || typeof fillers !== 'number' || plainValue(context.of(filler!)) === undefined)
    return undefined;
  return { kind: 'extended', rows: data, fillers, filler: uniformElement(filler!) };
};

const flattened: MeaningRule = (node, context) => {
  const [data] = node.inputs as readonly [Value];
  const x = context.of(data);
  if (x.kind !== 'rows' || x.axes !== 2 || data.shape.length !== 2) return undefined;
  const { shape } = node.outputs[0]!;
  return shape.length === 1 && shape[0] === tableSize(x.list) ? { ...x, axes: 1 } : undefined;
};

/** Counts per class keep their order in any shape and type, and so do the first rows of the classes. */
const perClass: MeaningRule = (node, context) => {
  const x = context.of(node.inputs[0]!);
  const keepsAll = x.kind === 'counts' || x.kind === 'starts' || x.kind === 'membership';
  const sizes = [node.inputs[0]!, node.outputs[0]!].map(({ shape }) => shape.filter(size => size !== 1).join());
  return keepsAll && sizes[0] === sizes[1] ? x : undefined;
};

export const TABLE_RULES: readonly (readonly [Op, MeaningRule])[] = [
  [Unsqueeze, classRow],
  [Equal, membership],
  [ReduceSum, counts],
  [CumSum, starts],
  [Add, positions],
  [Less, valid],
  [Select, table],
  [Concat, extended],
  [Reshape, flattened],
  [Reshape, perClass],
  [Squeeze, perClass],
  [Unsqueeze, perClass],
  [StridedSlice, perClass],
  [Convert, perClass],
];
