import type { Part, Ports } from '../detect/heads/port.ts';
import { coordinateAt } from './column-coordinate.ts';
import type { OutputStructure } from './output-structure.ts';
import { constantOf, type Graph, is, type Node, type Op, topological, type Value } from '../ov/graph.ts';
import { Add, Multiply } from '../ov/ops/arithmetic.ts';
import { Gather, GatherND } from '../ov/ops/gather.ts';
import { Concat, Transpose } from '../ov/ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ov/ops/shape.ts';
import { Slice, StridedSlice } from '../ov/ops/slice.ts';
import { NonMaxSuppression, TopK } from '../ov/ops/sort.ts';
import { Convert } from '../ov/ops/type.ts';
import { SELECTED_OUTPUT } from '../post-processing/selected-output.ts';
import { reducedClasses } from '../post-processing/class-source.ts';
import { finalSteps } from '../post-processing/final-steps.ts';
import { normalizeAxis } from '../tensor/axis.ts';
import { isStaticDim } from '../tensor/dim.ts';
import { numbersOf } from '../tensor/tensor.ts';

export function structureOf(graph: Graph): OutputStructure {
  const parts = [...graph.outputs].flatMap(([name, value]) => {
    if (value.shape.length !== 3) return [];
    const byAxis = [1, 2].flatMap(axis => {
      const found = partsAlong(value, axis, MAX_STEPS);
      return found === undefined ? [] : [[axis, found] as const];
    });
    return byAxis.length === 0 ? [] : [[name, Object.fromEntries(byAxis)] as const];
  });
  const columns = [...graph.outputs]
    .filter(([, { shape }]) => shape.length === 2)
    .map(([name, value]) => ({ name, ...numbersIn(value) }));
  const indices = columns.filter(({ areIndices }) => areIndices);
  const oneBased = columns.filter(({ isOneAdded }) => isOneAdded);
  const [suppression] = finalSteps(graph).suppressions;
  const first = suppression && coordinateAt(suppression.inputs[0]!, 2, 0);
  return {
    selection: suppression === undefined ? selectionWithoutNms(graph) : 'nms',
    ...(indices.length > 0 && { indices: indices.map(({ name }) => name) }),
    ...(oneBased.length > 0 && { oneBased: oneBased.map(({ name }) => name) }),
    ...(first && { boxOrder: first.direction === 'x' ? 'xy' : 'yx' }),
    ...(first?.firstCell !== undefined && { firstCell: first.firstCell }),
    ...directionsIn(graph),
    ...classCountIn(graph),
    ...(graph.outputs.has(SELECTED_OUTPUT) && { areRowsPixels: true }),
    parts: Object.fromEntries(parts),
  };
}

/** Columns that may be edges or centers: those of the longest head of a row before its box, and the box. */
const MAX_COLUMNS = 7;

function directionsIn({ outputs }: Graph): Pick<OutputStructure, 'directions'> {
  const found = [...outputs].flatMap(([name, value]) => {
    const byAxis = value.shape.flatMap((size, axis) => {
      const isTable = axis > 0 && value.shape.length > 2 && isStaticDim(size) && size >= 4;
      const letters = isTable ? lettersOf(value, axis, Math.min(size, MAX_COLUMNS)) : '';
      return /[xy]/.test(letters) ? [[axis, letters] as const] : [];
    });
    return byAxis.length === 0 ? [] : [[name, Object.fromEntries(byAxis)] as const];
  });
  return found.length === 0 ? {} : { directions: Object.fromEntries(found) };
}

const lettersOf = (value: Value, axis: number, count: number): string =>
  Array.from({ length: count }, (_, at) => coordinateAt(value, axis, at)?.direction ?? '-').join('');

/** The number of classes, if all NMS and all maxima over the classes of candidates agree. */
function classCountIn(graph: Graph): Pick<OutputStructure, 'classCount'> {
  const counts = topological(graph).flatMap(node => {
    const [x, scores] = node.inputs;
    if (is(node, NonMaxSuppression)) {
      const count = scores!.shape[1]!;
      return isStaticDim(count) && (count > 1 || graph.outputs.has(SELECTED_OUTPUT)) ? [count] : [];
    }
    const reduced = x?.shape.length === 3 ? reducedClasses(node) : undefined;
    const isBest = !is(node, TopK) || node.outputs[0]!.shape[reduced?.axis ?? 0] === 1;
    return reduced !== undefined && reduced.axis > 0 && isBest ? [reduced.count] : [];
  });
  const [count, ...others] = new Set(counts);
  return count === undefined || others.length > 0 ? {} : { classCount: count };
}

function selectionWithoutNms(graph: Graph): Ports['selection'] {
  const sorts = topological(graph).filter(node => is(node, TopK));
  if (sorts.some(isOverHeatMap)) return 'peaks';
  return sorts.length > 0 ? 'top' : 'none';
}

/** In an optimized graph, too, where one TopK over a heat map has become several. Lists of candidates have three axes. */
function isOverHeatMap(topK: Node): boolean {
  const { node } = topK.inputs[0]!;
  return is(node, Reshape) && node.inputs[0]!.shape.length === 4;
}

/** More ops than between the parts of detections and the output. */
const MAX_STEPS = 64;

/** The parts that a value is concatenated from along an axis, if it is. */
function partsAlong(value: Value, axis: number, steps: number): readonly Part[] | undefined {
  const { node } = value;
  if (steps === 0) return undefined;
  if (is(node, Concat)) {
    if (normalizeAxis(node.attrs.axis, value.shape.length) !== axis)
      return partsAlong(node.inputs[0]!, axis, steps - 1);
    const parts = node.inputs.map(input => partsAlong(input, axis, steps - 1) ?? wholePart(input, axis));
    return parts.includes(undefined) ? undefined : parts.flatMap(part => part!);
  }
  const before = sourceOf(value, axis);
  return before && partsAlong(before.value, before.axis, steps - 1);
}

function wholePart(value: Value, axis: number): readonly Part[] | undefined {
  const width = value.shape[axis]!;
  return isStaticDim(width) ? [{ width, ...(isProduct(value) && { isProduct: true }) }] : undefined;
}

/** The value that an op takes the elements of an axis from, all and in the same order. */
function sourceOf({ node, shape }: Value, axis: number): { readonly value: Value; readonly axis: number } | undefined {
  const [value, argument] = node.inputs;
  if (value === undefined) return undefined;
  if (is(node, Transpose)) {
    const order = constantOf(argument!);
    return order && { value, axis: Number(numbersOf(order)[axis]) };
  }
  if (is(node, Reshape) || is(node, Squeeze) || is(node, Unsqueeze)) {
    const kept = value.shape.findIndex((_, i) => value.shape[i] === shape[axis] && isSame(value, i, shape, axis));
    return kept < 0 ? undefined : { value, axis: kept };
  }
  if (is(node, Gather)) {
    const along = constantOf(node.inputs[2]!);
    const gathered = along && normalizeAxis(numbersOf(along)[0]!, value.shape.length);
    return gathered === undefined || gathered === axis || argument!.shape.length !== 1 ? undefined : { value, axis };
  }
  if (node.op.traits?.elementwise !== true) return undefined;
  const data = node.inputs.filter(input => constantOf(input) === undefined);
  const [only, ...others] = data;
  return only === undefined || others.length > 0 || only.shape.length !== shape.length
    ? undefined
    : { value: only, axis };
}

/** Whether as many elements follow the axis, or come before it. */
function isSame({ shape }: Value, at: number, other: Value['shape'], axis: number): boolean {
  const size = (dims: Value['shape']): number =>
    dims.reduce<number>((product, dim) => product * (isStaticDim(dim) ? dim : NaN), 1);
  return (
    size(shape.slice(at + 1)) === size(other.slice(axis + 1)) || size(shape.slice(0, at)) === size(other.slice(0, axis))
  );
}

interface Numbers {
  /** Whether the elements are whole numbers, converted to floats. */
  readonly areIndices: boolean;
  /** Whether 1 is added to the elements. */
  readonly isOneAdded: boolean;
}

function numbersIn(output: Value): Numbers {
  let { node } = output;
  let isOneAdded = false;
  for (let step = 0; step < MAX_STEPS; step++) {
    const from = is(node, Add) ? node.inputs.find(input => constantOf(input) === undefined) : node.inputs[0];
    if (from === undefined) break;
    if (is(node, Convert) && (from.type === 'i64' || from.type === 'i32')) return { areIndices: true, isOneAdded };
    if (is(node, Add) && node.inputs.some(isOne)) isOneAdded = true;
    else if (!MOVES.has(node.op)) break;
    ({ node } = from);
  }
  return { areIndices: false, isOneAdded };
}

function isOne(value: Value): boolean {
  const constant = constantOf(value);
  return constant?.data.length === 1 && constant.type !== 'string' && Number(numbersOf(constant)[0]) === 1;
}

/** Whether the elements are products of two values that both depend on the image. */
function isProduct(value: Value): boolean {
  let { node } = value;
  for (let step = 0; step < MAX_STEPS && MOVES.has(node.op); step++) node = node.inputs[0]!.node;
  return isMultiplication(node);
}

const isMultiplication = (node: Node): boolean =>
  is(node, Multiply) && node.inputs.every(input => constantOf(input) === undefined);

const MOVES: ReadonlySet<Op> = new Set<Op>([
  Concat,
  Convert,
  Gather,
  GatherND,
  Reshape,
  Slice,
  Squeeze,
  StridedSlice,
  Transpose,
  Unsqueeze,
]);
