import { sizeOf } from '../../../tensor/tensor.ts';
import { is, type Node, type Op, type Value } from '../../graph.ts';
import { nodeAxes } from '../../node-axes.ts';
import { Divide, Power } from '../../ops/arithmetic.ts';
import {
  Convolution,
  ConvolutionBackpropData,
  GroupConvolution,
  GroupConvolutionBackpropData,
} from '../../ops/convolution.ts';
import { Gather } from '../../ops/gather.ts';
import { MatMul } from '../../ops/matrix.ts';
import { Pad, Transpose } from '../../ops/movement.ts';
import { AvgPool, MaxPool } from '../../ops/pooling.ts';
import { Reshape, Squeeze, Unsqueeze } from '../../ops/shape.ts';
import { EmbeddingBagPackedSum } from '../../ops/sparse.ts';
import { orderOf } from '../../permutation.ts';
import { uniformElement } from '../../uniform-element.ts';
import { plainAxis } from '../gather-rules.ts';
import { alignedAxis, type RowAxis, type RowsOf, sameRows } from './row-axis.ts';

/**
 * Returns where the outputs of a node have rows if each of these depends on the same row of the inputs only; at least one
 * input has rows.
 *
 * @param count the number of rows
 */
type RowRule = (node: Node, rowsOf: RowsOf, count: number) => RowAxis | undefined;

const onlyFirst = ({ inputs }: Node, rowsOf: RowsOf): RowAxis | undefined =>
  inputs.slice(1).some(input => rowsOf(input) !== undefined) ? undefined : rowsOf(inputs[0]!);

/** Where values have rows that broadcast to one of rank `rank`. What has none must be the same for all rows. */
function commonRows(values: readonly Value[], rank: number, rowsOf: RowsOf): RowAxis | undefined {
  const own = values.flatMap(value => {
    const rows = rowsOf(value);
    return rows === undefined ? [] : [{ ...rows, axis: rows.axis + rank - value.shape.length }];
  });
  const [first] = own;
  if (first === undefined || !own.every(rows => sameRows(rows, first))) return undefined;
  const isShared = (value: Value): boolean => (value.shape[alignedAxis(value, first.axis, rank)] ?? 1) === 1;
  return values.every(value => rowsOf(value) !== undefined || isShared(value)) ? first : undefined;
}

/** Where values have rows, besides constants whose elements are equal. */
const rowsBesidesUniform = (values: readonly Value[], rank: number, rowsOf: RowsOf): RowAxis | undefined =>
  commonRows(
    values.filter(value => uniformElement(value) === undefined),
    rank,
    rowsOf,
  );

/** Ops that tell 0 and -0 apart, which count as equal, by an input. */
const tellsZeros = (node: Node, rowsOf: RowsOf): boolean =>
  is(node, Power) || (is(node, Divide) && rowsOf(node.inputs[1]!) !== undefined);

const elementwise: RowRule = (node, rowsOf) => {
  if (tellsZeros(node, rowsOf)) return undefined;
  if (node.op.traits!.broadcast === 'common')
    return rowsBesidesUniform(node.inputs, node.outputs[0]!.shape.length, rowsOf);
  return node.inputs.length === 1 ? rowsOf(node.inputs[0]!) : undefined;
};

const alongAxes: RowRule = (node, rowsOf) => {
  const { concatenates } = node.op.traits!;
  const axes = nodeAxes(node);
  const rank = node.inputs[0]!.shape.length;
  const rows = concatenates === true ? rowsBesidesUniform(node.inputs, rank, rowsOf) : onlyFirst(node, rowsOf);
  if (rows === undefined || axes === undefined || axes.includes(rows.axis)) return undefined;
  const areDropped = node.outputs[0]!.shape.length < rank;
  return { ...rows, axis: rows.axis - (areDropped ? axes.filter(axis => axis < rows.axis).length : 0) };
};

/** The rows stay together if as many elements precede each of them. */
const reshape: RowRule = ({ inputs: [x], outputs: [y] }, rowsOf, count) => {
  const rows = rowsOf(x!);
  const shape = y!.shape as readonly number[];
  const before = (sizes: readonly number[], axis: number): number => sizeOf(sizes.slice(0, axis));
  const outer = rows === undefined ? NaN : before(x!.shape as readonly number[], rows.axis);
  const axis = shape.findIndex((size, i) => size % count === 0 && before(shape, i) === outer);
  return axis < 0 ? undefined : { axis, per: shape[axis]! / count };
};

const transpose: RowRule = (node, rowsOf) => {
  const rows = rowsOf(node.inputs[0]!);
  const order = orderOf(node);
  return rows === undefined || order === undefined ? undefined : { ...rows, axis: order.indexOf(rows.axis) };
};

const pad: RowRule = (node, rowsOf) => {
  const rows = onlyFirst(node, rowsOf);
  const [, begins, ends] = node.inputs;
  const isKept = [begins, ends].every(pads => pads?.partialValue?.[rows?.axis ?? -1] === 0);
  return isKept ? rows : undefined;
};

/** Gathers from each row, or from what all rows share. */
const gather: RowRule = (node, rowsOf) => {
  const [data, indices] = node.inputs as readonly [Value, Value];
  const axis = is(node, Gather) ? plainAxis(node) : undefined;
  const [ofData, ofIndices] = [rowsOf(data), rowsOf(indices)];
  if (axis === undefined || (ofData !== undefined && ofIndices !== undefined)) return undefined;
  if (ofIndices !== undefined) return { ...ofIndices, axis: axis + ofIndices.axis };
  if (ofData === undefined || ofData.axis === axis) return undefined;
  return { ...ofData, axis: ofData.axis + (axis < ofData.axis ? indices.shape.length - 1 : 0) };
};

/** Rows are along the batch. */
const perImage: RowRule = (node, rowsOf) => {
  const rows = onlyFirst(node, rowsOf);
  return rows?.axis === 0 ? rows : undefined;
};

/** Rows are along batch axes, or are rows of the first matrix. */
const matMul: RowRule = (node, rowsOf) => {
  const [x, y] = node.inputs as readonly [Value, Value];
  const rank = node.outputs[0]!.shape.length;
  if (!is(node, MatMul) || x.shape.length < 2 || y.shape.length < 2) return undefined;
  const rows = rowsOf(x);
  const isRow = rows?.axis === x.shape.length - 2 && !node.attrs.transpose_a && rowsOf(y) === undefined;
  if (rows !== undefined && isRow) return { ...rows, axis: rank - 2 };
  const common = commonRows([x, y], rank, rowsOf);
  return common !== undefined && common.axis < rank - 2 ? common : undefined;
};

const sums: RowRule = ({ inputs: [table, ...others] }, rowsOf) => {
  const rows = rowsOf(table!) === undefined ? commonRows(others, 2, rowsOf) : undefined;
  return rows?.axis === 0 ? rows : undefined;
};

const RULES: ReadonlyMap<Op, RowRule> = new Map<Op, RowRule>([
  [AvgPool, perImage],
  [Convolution, perImage],
  [ConvolutionBackpropData, perImage],
  [EmbeddingBagPackedSum, sums],
  [Gather, gather],
  [GroupConvolution, perImage],
  [GroupConvolutionBackpropData, perImage],
  [MatMul, matMul],
  [MaxPool, perImage],
  [Pad, pad],
  [Reshape, reshape],
  [Squeeze, reshape],
  [Transpose, transpose],
  [Unsqueeze, reshape],
]);

/** Whether inputs of an op may be constants with a row for each row of the others, all of them equal. */
export const takesUniform = ({ traits }: Op): boolean =>
  traits?.broadcast === 'common' || traits?.concatenates === true;

/** Returns the rule of an op that computes rows one by one, if it is one. */
export function rowRule(op: Op): RowRule | undefined {
  const { elementwise: isElementwise, axes } = op.traits ?? {};
  return RULES.get(op) ?? (isElementwise === true ? elementwise : axes === undefined ? undefined : alongAxes);
}
