import { normalizeAxis } from '../tensor/axis.ts';
import { constantOf, is, type Node, type Op, type Value } from '../ov/graph.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Split, Transpose } from '../ov/ops/movement.ts';
import { ReduceMax } from '../ov/ops/reduction.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ov/ops/shape.ts';
import { Slice, StridedSlice } from '../ov/ops/slice.ts';
import { TopK } from '../ov/ops/sort.ts';
import { Convert } from '../ov/ops/type.ts';
import { isReshaping } from '../ov/reshaping.ts';
import { numbersOf } from '../tensor/tensor.ts';

/** How an NMS of one class takes its scores from those of all classes. */
export type ClassSource =
  /** The scores of one class: position `at` along an axis. */
  | { readonly kind: 'column'; readonly at: number }
  /** The best score of each box: `scores` has an axis of `count` classes. */
  | { readonly kind: 'best'; readonly scores: Value; readonly axis: number; readonly count: number };

/** More ops than between the scores of all classes and an NMS. */
const MAX_STEPS = 64;

/** Finds out which class the scores of an NMS belong to, through ops that move them. */
export function classSource(scores: Value): ClassSource | undefined {
  let value = scores;
  for (let step = 0; step < MAX_STEPS; step++) {
    const found = columnOf(value) ?? bestOf(value);
    if (found !== undefined) return found;
    const before = dataOf(value);
    if (before === undefined) return undefined;
    value = before;
  }
  return undefined;
}

/** The axis of classes that a node takes the maximum of, if it is known. */
export function reducedClasses(node: Node): { readonly axis: number; readonly count: number } | undefined {
  const rank = node.inputs[0]?.shape.length ?? 0;
  const given = is(node, TopK) ? [node.attrs.axis] : is(node, ReduceMax) ? node.inputs[1]!.partialValue : undefined;
  const axis = given?.length === 1 ? normalizeAxis(Number(given[0]), rank) : NaN;
  const count = node.inputs[0]?.shape[axis];
  return typeof count === 'number' ? { axis, count } : undefined;
}

/** The scores with an axis of classes, before ops that add, remove or merge other axes. The classes stay the last axis. */
export function classScoresBefore(value: Value, count: number): Value {
  const { node } = value;
  return isReshaping(node) && node.inputs[0]!.shape.at(-1) === count && value.shape.at(-1) === count
    ? classScoresBefore(node.inputs[0]!, count)
    : value;
}

function bestOf({ node }: Value): ClassSource | undefined {
  const reduced = is(node, ReduceMax) || is(node, TopK) ? reducedClasses(node) : undefined;
  if (reduced === undefined) return undefined;
  const isOne = is(node, ReduceMax) || node.outputs[0]!.shape[reduced.axis] === 1;
  return isOne ? { kind: 'best', scores: node.inputs[0]!, ...reduced } : undefined;
}

function columnOf(value: Value): ClassSource | undefined {
  const { node } = value;
  if (is(node, Split)) return node.attrs.num_splits > 1 ? column(value.index) : undefined;
  if (is(node, Gather)) {
    const index = constantOf(node.inputs[1]!);
    return index?.data.length === 1 ? column(Number(numbersOf(index)[0])) : undefined;
  }
  if (!is(node, StridedSlice) && !is(node, Slice)) return undefined;
  const [x, begin] = node.inputs as readonly [Value, Value];
  const axes = is(node, Slice) ? node.inputs[4]?.partialValue?.map(Number) : x.shape.map((_, axis) => axis);
  const narrowed = axes?.findIndex(axis => isNarrowed(node, normalizeAxis(axis, x.shape.length))) ?? -1;
  const first = begin.partialValue?.[narrowed];
  return typeof first === 'number' && first >= 0 ? column(first) : undefined;
}

/** Whether a slice takes one of several positions along an axis. */
function isNarrowed(node: Node, axis: number): boolean {
  const size = node.inputs[0]!.shape[axis];
  if (typeof size !== 'number' || size === 1) return false;
  if (!is(node, StridedSlice)) return node.outputs[0]!.shape[axis] === 1;
  const { shrink_axis_mask: shrunk, new_axis_mask, ellipsis_mask } = node.attrs;
  if (new_axis_mask.includes(true) || ellipsis_mask.includes(true)) return false;
  if (shrunk[axis] === true) return true;
  return node.outputs[0]!.shape[axis - shrunk.slice(0, axis).filter(Boolean).length] === 1;
}

const column = (at: number): ClassSource => ({ kind: 'column', at });

/** The value whose elements an op moves, selects or changes one by one. */
function dataOf({ node }: Value): Value | undefined {
  if (MOVES.has(node.op)) return node.inputs[0];
  const { elementwise, broadcast } = node.op.traits ?? {};
  if (elementwise !== true) return undefined;
  const data =
    broadcast === undefined ? [node.inputs[0]!] : node.inputs.filter(input => constantOf(input) === undefined);
  return data.length === 1 ? data[0] : undefined;
}

const MOVES: ReadonlySet<Op> = new Set<Op>([
  Convert,
  Gather,
  Reshape,
  Slice,
  Split,
  Squeeze,
  StridedSlice,
  TopK,
  Transpose,
  Unsqueeze,
]);
