import { normalizeAxis } from '../../tensor/axis.ts';
import { isStatic, shapeEquals } from '../../tensor/dim.ts';
import { is, type Node, type Value } from '../graph.ts';
import { Add, Multiply } from '../ops/arithmetic.ts';
import { Gather } from '../ops/gather.ts';
import { Range } from '../ops/generation.ts';
import { Broadcast } from '../ops/movement.ts';
import { Reshape, ShapeOf, Squeeze } from '../ops/shape.ts';
import { FAR, Slice } from '../ops/slice.ts';
import { concat, convert, reshape, unsqueeze } from '../shorthand.ts';
import { uniformElement } from '../uniform-element.ts';
import { rule } from './rule.ts';

/**
 * Gather(x[1, ...], i[1, n], batch_dims = 1)  ->  Gather(x, i[n], batch_dims = 0). With the batch axis, OpenVINO's CPU plugin
 * crashes or returns other rows.
 */
const gatherOfOneBatch = rule(
  'gather-of-one-batch',
  'gathers from a batch of 1 simplified',
  [Gather],
  (node, { b }) => {
    const { batch_dims } = node.attrs;
    const x = node.inputs[0]!;
    const indices = node.inputs[1]!;
    const batch = batch_dims < 0 ? batch_dims + indices.shape.length : batch_dims;
    const axes = Array.from({ length: batch }, (_, axis) => axis);
    if (batch === 0 || !axes.every(axis => indices.shape[axis] === 1 || x.shape[axis] === 1)) return undefined;
    const plain = b.add(Squeeze, [indices, b.i64(...axes)]);
    return [b.rebuild({ ...node, attrs: { ...node.attrs, batch_dims: 0 } }, [x, plain, node.inputs[2]!])[0]!];
  },
);

/**
 * Gather(x[B, N, ...], i[B, n], batch_dims = 1)  ->  Gather(x[B * N, ...], i + [0, N, 2 * N, ...]). If B is unknown: it may
 * be 1, with which OpenVINO's CPU plugin crashes or returns other rows.
 */
const gatherOfUnknownBatch = rule(
  'gather-of-unknown-batch',
  'gathers from an unknown batch simplified',
  [Gather],
  (node, { b }) => {
    const x = node.inputs[0]!;
    const indices = node.inputs[1]!;
    const isBatched = node.attrs.batch_dims === 1 && node.inputs[2]!.partialValue?.[0] === 1;
    if (!isBatched || typeof x.shape[0] === 'number' || indices.shape.length < 2) return undefined;
    const shape = b.add(ShapeOf, [x], { output_type: 'i64' });
    const size = (axis: number): Value => b.add(Gather, [shape, b.scalar('i64', axis), b.scalar('i64', 0)]);
    const rest = b.add(Slice, [shape, b.i64(2), b.i64(FAR), b.i64(1), b.i64(0)]);
    const rows = unsqueeze(b, b.add(Multiply, [size(0), size(1)]), 0);
    const flat = b.add(Reshape, [x, concat(b, 0, [rows, rest])]);
    const batch = b.add(Range, [b.scalar('i64', 0), size(0), b.scalar('i64', 1)], { output_type: 'i64' });
    const starts = unsqueeze(b, b.add(Multiply, [batch, size(1)]), ...indices.shape.slice(1).map((_, i) => i + 1));
    const positions = b.add(Add, [convert(b, indices, 'i64'), starts]);
    return [b.add(Gather, [flat, positions, b.scalar('i64', 0)])];
  },
);

/** Gather(Gather(x, i), j)  ->  Gather(x, Gather(i, j)), along one axis. Rows are moved once, and only those in use. */
const mergeGathers = rule('merge-gathers', 'gathers merged', [Gather], (node, { b }) => {
  const inner = node.inputs[0]!.node;
  const axis = plainAxis(node);
  if (!is(inner, Gather) || axis === undefined || plainAxis(inner) !== axis) return undefined;
  const x = inner.inputs[0]!;
  const indices = inner.inputs[1]!;
  if (indices.shape.length === 0) return undefined;
  const positions = b.add(Gather, [indices, node.inputs[1]!, b.scalar('i64', 0)]);
  return [b.add(Gather, [x, positions, b.scalar('i64', axis)])];
});

/** Reshape(Gather(x, i[n, m], 0), [n * m, ...])  ->  Gather(x, Reshape(i, [n * m]), 0). Lets gathers merge. */
const flattenIndices = rule('flatten-indices', 'gathers merged', [Reshape], (node, { b }) => {
  const gather = node.inputs[0]!.node;
  if (!is(gather, Gather) || plainAxis(gather) !== 0) return undefined;
  const x = gather.inputs[0]!;
  const indices = gather.inputs[1]!;
  const shape = node.outputs[0]!.shape;
  const row = x.shape.slice(1);
  if (indices.shape.length < 2 || shape.length !== x.shape.length || !isStatic(row)) return undefined;
  if (!shapeEquals(shape.slice(1), row) || row.includes(0)) return undefined;
  return [b.add(Gather, [x, reshape(b, indices, -1), b.scalar('i64', 0)])];
});

/** Gather(Broadcast(c, shape), i)  ->  c. If all elements are a scalar constant, and the number of results is known. */
const gatherOfUniform = rule('gather-of-uniform', 'gathers of equal elements removed', [Gather], (node, { b }) => {
  const uniform = node.inputs[0]!.node;
  const { shape } = node.outputs[0]!;
  if (!is(uniform, Broadcast) || uniform.inputs[0]!.shape.length > 0 || !isStatic(shape)) return undefined;
  return uniformElement(uniform.inputs[0]!) === undefined
    ? undefined
    : [b.add(Broadcast, [uniform.inputs[0]!, b.i64(...shape)])];
});

/** Axis of a Gather without batch axes, if it is known. */
export function plainAxis(node: Node<(typeof Gather)['attributes']>): number | undefined {
  const axis = node.inputs[2]!.partialValue?.[0];
  return node.attrs.batch_dims === 0 && typeof axis === 'number'
    ? normalizeAxis(axis, node.inputs[0]!.shape.length)
    : undefined;
}

export const GATHER_RULES = [
  gatherOfUniform,
  gatherOfOneBatch,
  gatherOfUnknownBatch,
  mergeGathers,
  flattenIndices,
] as const;
