import { constantOf, is, type Node, type Value } from '../ov/graph.ts';
import { Add, Divide, Multiply, Subtract } from '../ov/ops/arithmetic.ts';
import { Select } from '../ov/ops/condition.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Broadcast, Concat, Split, Transpose, VariadicSplit } from '../ov/ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ov/ops/shape.ts';
import { slicesOf } from '../ov/ops/slice.ts';
import { normalizeAxis } from '../tensor/axis.ts';
import { isStaticDim } from '../tensor/dim.ts';
import { numbersOf } from '../tensor/tensor.ts';
import { type Coordinate, gridCoordinate } from './grid-coordinate.ts';

/** One position along an axis of a value; without an axis, all of its elements. */
interface Column {
  readonly value: Value;
  readonly axis: number | undefined;
  readonly at: number;
}

/** More values than between the boxes of a detector and the grids that they are decoded from. */
const MAX_VISITS = 2000;

/** Finds the grid that is added to the numbers at a position of an axis; undefined if there is none, or if it cancels out. */
export function coordinateAt(value: Value, axis: number, at: number): Coordinate | undefined {
  let visits = 0;
  const find = (column: Column): Coordinate | undefined => {
    if (visits++ > MAX_VISITS) return undefined;
    const { node } = column.value;
    if (node.constant !== undefined) return undefined;
    if (is(node, Select)) return chosen(node.inputs.slice(1).map(input => find(broadcast(column, input))));
    if (node.op.traits?.elementwise === true) {
      const isSum = is(node, Add) || is(node, Subtract);
      return combined(
        node,
        node.inputs.map(input => {
          const constant = isSum ? constantOf(input) : undefined;
          const part = broadcast(column, input);
          return constant === undefined ? find(part) : shifted(gridCoordinate(constant, part.axis, part.at), node);
        }),
      );
    }
    const before = columnBefore(column);
    return before && find(before);
  };
  return find({ value, axis, at });
}

/** The direction of what is chosen from, such as of boxes or a mark for their absence. */
function chosen([first, second]: readonly (Coordinate | undefined)[]): Coordinate | undefined {
  return first === undefined || second === undefined || first.direction === second.direction
    ? (first ?? second)
    : undefined;
}

/** Sums have the direction of a part, and so have quotients; a difference of two positions is a size. */
function combined(node: Node, [first, second]: readonly (Coordinate | undefined)[]): Coordinate | undefined {
  if (is(node, Subtract)) return first === undefined || second === undefined ? first : undefined;
  if (is(node, Add)) return first ?? second;
  if (is(node, Multiply) || is(node, Divide))
    return first === undefined || second === undefined ? (first ?? second) : undefined;
  return node.inputs.length === 1 ? first : undefined;
}

/** The grid with what else is added, before it, to the numbers: centers from -0.5 to 1.5 are those from 0 to 2, less 0.5. */
function shifted(grid: Coordinate | undefined, { inputs }: Node): Coordinate | undefined {
  if (grid?.firstCell === undefined) return grid;
  const { node } = inputs.find(input => constantOf(input) === undefined)!;
  const sign = is(node, Subtract) ? -1 : is(node, Add) ? 1 : 0;
  const constant = sign === 0 ? undefined : constantOf(node.inputs[1]!);
  if (constant?.data.length !== 1 || constant.type === 'string') return grid;
  return { ...grid, firstCell: grid.firstCell + sign * Number(numbersOf(constant)[0]) };
}

function broadcast({ value, axis, at }: Column, input: Value): Column {
  const own = axis === undefined ? -1 : axis - (value.shape.length - input.shape.length);
  return { value: input, axis: own < 0 ? undefined : own, at: input.shape[own] === 1 ? 0 : at };
}

/** The column that an op takes the elements of a column from. */
function columnBefore({ value, axis, at }: Column): Column | undefined {
  const { node, index } = value;
  const [data] = node.inputs;
  if (data === undefined) return undefined;
  if (is(node, Broadcast)) return broadcast({ value, axis, at }, data);
  if (is(node, Concat)) return partOf(node, normalizeAxis(node.attrs.axis, value.shape.length), axis, at);
  if (is(node, Transpose)) {
    const order = constantOf(node.inputs[1]!);
    return order && { value: data, axis: axis === undefined ? axis : Number(numbersOf(order)[axis]), at };
  }
  if (is(node, Reshape) || is(node, Squeeze) || is(node, Unsqueeze)) return reshaped(data, value, axis, at);
  if (is(node, Gather)) return gathered(node.inputs, node.attrs.batch_dims, axis, at);
  if (is(node, Split) || is(node, VariadicSplit)) {
    const along = normalizeAxis(Number(node.inputs[1]!.partialValue?.[0]), data.shape.length);
    const start = node.outputs
      .slice(0, index)
      .reduce((sum, { shape }) => sum + (isStaticDim(shape[along]!) ? shape[along] : NaN), 0);
    return narrowed(data, value, axis, at, along, start);
  }
  const plan = slicesOf(node);
  return plan && sliced(data, plan, axis, at);
}

function partOf(node: Node, along: number, axis: number | undefined, at: number): Column | undefined {
  let start = 0;
  for (const value of node.inputs) {
    const size = value.shape[along]!;
    if (along !== axis || !isStaticDim(size)) return { value, axis, at };
    if (at < start + size) return { value, axis, at: at - start };
    start += size;
  }
  return undefined;
}

/** The axis with as many elements after it; columns of several anchors may be joined, or have been split. */
function reshaped(data: Value, { shape }: Value, axis: number | undefined, at: number): Column {
  if (axis === undefined || shape[axis] === 1) return { value: data, axis: undefined, at: 0 };
  const after = (sizes: Value['shape'], i: number): number =>
    sizes.slice(i + 1).reduce<number>((product, size) => product * (isStaticDim(size) ? size : NaN), 1);
  const own = data.shape.findLastIndex((size, i) => size !== 1 && after(data.shape, i) === after(shape, axis));
  const size = data.shape[own];
  if (own < 0 || size === undefined || !isStaticDim(size)) return { value: data, axis: undefined, at: 0 };
  return { value: data, axis: own, at: at % size };
}

function gathered(
  [value, indices, along]: readonly Value[],
  batchDims: number,
  axis: number | undefined,
  at: number,
): Column | undefined {
  if (value === undefined || indices === undefined || along === undefined) return undefined;
  const gatherAxis = normalizeAxis(Number(along.partialValue?.[0]), value.shape.length);
  const constant = constantOf(indices);
  const chosen = constant?.type === 'string' ? undefined : constant && numbersOf(constant);
  const added = indices.shape.length - batchDims;
  if (axis !== undefined && axis >= gatherAxis && axis < gatherAxis + added) {
    return chosen && added === 1 ? { value, axis: gatherAxis, at: Number(chosen[at]) } : undefined;
  }
  if (axis !== undefined) return { value, axis: axis < gatherAxis ? axis : axis - added + 1, at };
  const size = value.shape[gatherAxis]!;
  const isOne = chosen?.length === 1 && isStaticDim(size) && size > 1;
  return { value, axis: isOne ? gatherAxis : undefined, at: isOne ? Number(chosen[0]) : at };
}

/** @param along the axis of `data` that is narrowed to `value`, from position `start` */
function narrowed(
  data: Value,
  { shape }: Value,
  axis: number | undefined,
  at: number,
  along: number,
  start: number,
): Column | undefined {
  if (Number.isNaN(start)) return undefined;
  if (axis !== undefined) return { value: data, axis, at: axis === along ? start + at : at };
  return shape[along] === 1 && data.shape[along] !== 1
    ? { value: data, axis: along, at: start }
    : { value: data, axis, at };
}

function sliced(
  value: Value,
  plan: NonNullable<ReturnType<typeof slicesOf>>,
  axis: number | undefined,
  at: number,
): Column | undefined {
  const axes = plan.filter(part => part !== 'new');
  const kept = plan.flatMap(part => (part === 'new' ? [-1] : part.shrink ? [] : [axes.indexOf(part)]));
  const own = axis === undefined ? -1 : (kept[axis] ?? -1);
  if (own >= 0) {
    const { begin, step } = axes[own]!;
    return isStaticDim(begin) ? { value, axis: own, at: begin + at * step } : undefined;
  }
  const one = axes.findLastIndex(({ size, begin }, i) => size === 1 && isStaticDim(begin) && value.shape[i] !== 1);
  return one < 0 ? { value, axis: undefined, at } : { value, axis: one, at: Number(axes[one]!.begin) };
}
