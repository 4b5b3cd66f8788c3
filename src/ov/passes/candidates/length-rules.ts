import { is, type Op, type Value } from '../../graph.ts';
import { Minimum } from '../../ops/arithmetic.ts';
import { Less, LessEqual } from '../../ops/comparison.ts';
import { Select } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { Broadcast } from '../../ops/movement.ts';
import { ReduceSum } from '../../ops/reduction.ts';
import { Reshape, ShapeOf, Squeeze, Unsqueeze } from '../../ops/shape.ts';
import { StridedSlice } from '../../ops/slice.ts';
import { Convert } from '../../ops/type.ts';
import { axisInput, type MeaningRule, plainValue, type RowContext, rows, scalarOf } from './meaning-rule.ts';
import { lengthOf, type Meaning, type RowList } from './row-list.ts';

/** The rules for numbers of rows. */

const shape: MeaningRule = (node, context) => {
  const x = context.of(node.inputs[0]!);
  return x.kind === 'rows' && x.axes === 1 ? { kind: 'shape' } : undefined;
};

/** The first element of a shape. */
function lengthFrom({ node }: Value, context: RowContext): Meaning | undefined {
  if (!is(node, ShapeOf)) return undefined;
  const x = context.of(node.inputs[0]!);
  return x.kind === 'rows' ? { kind: 'many', isLengthOf: lengthOf(x.list) } : undefined;
}

const gatheredLength: MeaningRule = (node, context) => {
  const isFirst = context.of(node.inputs[0]!).kind === 'shape' && scalarOf(node.inputs[1]) === 0;
  return isFirst ? lengthFrom(node.inputs[0]!, context) : undefined;
};

const slicedLength: MeaningRule = (node, context) => {
  if (!is(node, StridedSlice) || context.of(node.inputs[0]!).kind !== 'shape') return undefined;
  const isFirst = node.attrs.shrink_axis_mask[0] === true && scalarOf(node.inputs[1]) === 0;
  return isFirst ? lengthFrom(node.inputs[0]!, context) : undefined;
};

const sameLength: MeaningRule = (node, context) => {
  const x = context.of(node.inputs[0]!);
  return x.kind === 'many' ? x : undefined;
};

/** The number of rows for which a condition is true. */
const countTrue: MeaningRule = (node, context) => {
  const converted = node.inputs[0]!.node;
  const x = context.of(node.inputs[0]!);
  if (!is(converted, Convert) || x.kind !== 'rows' || node.inputs[0]!.shape.length !== 1) return undefined;
  const condition = converted.inputs[0]!;
  if (condition.type !== 'boolean' || axisInput(node, 1, 1) !== 0) return undefined;
  context.requireTrue(condition);
  return { kind: 'many', isLengthOf: undefined };
};

/** many < limit, many <= limit  ->  false */
const belowLimit: MeaningRule = (node, context) => {
  const [count, other] = node.inputs as readonly [Value, Value];
  const limit = scalarOf(plainValue(context.of(other)));
  if (context.of(count).kind !== 'many' || limit === undefined) return undefined;
  context.requireRows(is(node, LessEqual) ? limit + 1 : limit);
  return { kind: 'plain', value: context.falsehood };
};

/** min(many, limit)  ->  limit */
const limited: MeaningRule = (node, context) => {
  const [limit, ...more] = node.inputs.flatMap(input => plainValue(context.of(input)) ?? []);
  const number = scalarOf(limit);
  if (limit === undefined || number === undefined || more.length > 0) return undefined;
  if (!node.inputs.some(input => context.of(input).kind === 'many')) return undefined;
  context.requireRows(number);
  return { kind: 'plain', value: limit };
};

const chosen: MeaningRule = (node, context) => {
  const [condition, ...sides] = node.inputs as readonly [Value, ...Value[]];
  const known = scalarOf(plainValue(context.of(condition)));
  if (known === undefined || !sides.some(side => context.of(side).kind === 'many')) return undefined;
  return context.of(sides[known === 0 ? 1 : 0]!);
};

/** A scalar, repeated for each row. */
const repeated: MeaningRule = (node, context) => {
  const [x, size] = node.inputs as readonly [Value, Value];
  const length = context.of(size);
  if (length.kind !== 'many' || length.isLengthOf === undefined || x.shape.length > 0) return undefined;
  return context.of(x).kind === 'plain' ? rows(length.isLengthOf) : undefined;
};

/** Whether a value is the number of all rows of a list, or of all rows of a table. */
export function isLengthOf(value: Value, list: RowList, size: number | undefined, context: RowContext): boolean {
  const length = context.of(value);
  return length.kind === 'many'
    ? length.isLengthOf === lengthOf(list)
    : size !== undefined && scalarOf(plainValue(length)) === size;
}

export const LENGTH_RULES: readonly (readonly [Op, MeaningRule])[] = [
  [ShapeOf, shape],
  [Gather, gatheredLength],
  [StridedSlice, slicedLength],
  ...[Reshape, Squeeze, Unsqueeze, Convert].map((op: Op): readonly [Op, MeaningRule] => [op, sameLength]),
  [ReduceSum, countTrue],
  [Less, belowLimit],
  [LessEqual, belowLimit],
  [Minimum, limited],
  [Select, chosen],
  [Broadcast, repeated],
];
