import { normalizeAxis } from '../../tensor/axis.ts';
import { type Dim, shapeEquals } from '../../tensor/dim.ts';
import { isReal } from '../../tensor/element-type.ts';
import { constantOf, is, type Node, type Value } from '../graph.ts';
import { Clamp, Relu } from '../ops/activation.ts';
import { Add, Divide, Maximum, Minimum, Multiply, Power, Subtract } from '../ops/arithmetic.ts';
import { Select } from '../ops/condition.ts';
import { Broadcast, Concat, Pad, Tile, Transpose } from '../ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ops/shape.ts';
import { Slice, slicesOf, StridedSlice } from '../ops/slice.ts';
import { Convert } from '../ops/type.ts';
import { isIdentity, movesOnlyOnes, orderOf, permuted } from '../permutation.ts';
import { unshaped } from '../reshaping.ts';
import { squeeze, unsqueeze } from '../shorthand.ts';
import { uniformElement } from '../uniform-element.ts';
import { GATHER_RULES } from './gather-rules.ts';
import { uniformInvariant } from './loop-rules.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

const REMOVED = 'ops without effect removed';

/** Whether `x` has the type and shape of a node's output. */
const matchesOutput = (x: Value, node: Node): boolean =>
  x.type === node.outputs[0]!.type && shapeEquals(x.shape, node.outputs[0]!.shape);

/** x + 0, x - 0, x * 1, x / 1, x ^ 1  ->  x */
const neutralElement = rule('neutral-element', REMOVED, [Add, Subtract, Multiply, Divide, Power], node => {
  const neutral = is(node, Add) || is(node, Subtract) ? 0 : 1;
  const x = node.inputs[0]!;
  const y = node.inputs[1]!;
  if (uniformElement(y) === neutral && matchesOutput(x, node)) return [x];
  const commutes = is(node, Add) || is(node, Multiply);
  return commutes && uniformElement(x) === neutral && matchesOutput(y, node) ? [y] : undefined;
});

/** Convert(x), Broadcast(x), Tile(x)  ->  x. If x has the type and shape of the output. */
const sameTypeAndShape = rule('same-type-and-shape', REMOVED, [Convert, Broadcast, Tile], node => {
  const x = node.inputs[0]!;
  return matchesOutput(x, node) ? [x] : undefined;
});

/** Pad(x, 0, 0)  ->  x */
const padNothing = rule('pad-nothing', REMOVED, [Pad], node =>
  uniformElement(node.inputs[1]!) === 0 && uniformElement(node.inputs[2]!) === 0 ? [node.inputs[0]!] : undefined,
);

/** Reduce(x, [])  ->  x. OpenVINO's CPU plugin does not compile a reduction without axes. */
const reduceNothing = rule(
  'reduce-nothing',
  REMOVED,
  op => op.traits?.identityWithoutAxes === true,
  node => (node.inputs[1]!.shape[0] === 0 ? [node.inputs[0]!] : undefined),
);

/** Concat(x, empty, ...)  ->  x */
const concatOne = rule('concat-one', REMOVED, [Concat], node => {
  const axis = normalizeAxis(node.attrs.axis, node.inputs[0]!.shape.length);
  const parts = node.inputs.filter(input => input.shape[axis] !== 0);
  return parts.length === 1 ? parts : undefined;
});

/** x[:, :]  ->  x. Or a reshape of x, if axes of size 1 are dropped or added. */
const sliceAll = rule('slice-all', REMOVED, [StridedSlice, Slice], (node, { b }) => {
  const x = node.inputs[0]!;
  const plan = slicesOf(node)!;
  const slices = plan.filter(slice => slice !== 'new');
  const sizes = slices.map(({ size }) => size);
  if (!slices.every(({ begin, step }) => begin === 0 && step === 1) || !shapeEquals(sizes, x.shape)) return undefined;
  const dropped = slices.flatMap(({ shrink }, axis) => (shrink ? [axis] : []));
  const kept = plan.filter(slice => slice === 'new' || !slice.shrink);
  const added = kept.flatMap((slice, axis) => (slice === 'new' ? [axis] : []));
  return [unsqueeze(b, squeeze(b, x, ...dropped), ...added)];
});

/** Select(true, x, y)  ->  x */
const constantCondition = rule('constant-condition', REMOVED, [Select], node => {
  const condition = uniformElement(node.inputs[0]!);
  if (condition === undefined) return undefined;
  const branch = node.inputs[condition === 0 ? 2 : 1]!;
  return matchesOutput(branch, node) ? [branch] : undefined;
});

/** Select(c, x, x)  ->  x */
const equalBranches = rule('equal-branches', REMOVED, [Select], node => {
  const [, x, y] = node.inputs as readonly [Value, Value, Value];
  return x === y && matchesOutput(x, node) ? [x] : undefined;
});

function targetFor(shape: readonly Dim[]): readonly number[] | undefined {
  const open = shape.filter(dim => typeof dim !== 'number').length;
  return open > 1 || (open === 1 && shape.includes(0))
    ? undefined
    : shape.map(dim => (typeof dim === 'number' ? dim : -1));
}

const isTarget = (value: Value, target: readonly number[]): boolean =>
  constantOf(value) !== undefined && target.every((size, i) => size === -1 || size === value.partialValue?.[i]);

/** Reshape(Reshape(x, s), t)  ->  Reshape(x, t). Or x if it has shape t. A computed t becomes a constant if it is known. */
const mergeReshapes = rule('merge-reshapes', 'reshapes merged', [Reshape, Squeeze, Unsqueeze], (node, { b }) => {
  const source = unshaped(node.inputs[0]!);
  if (matchesOutput(source, node)) return [source];
  const target = targetFor(node.outputs[0]!.shape);
  if (target === undefined) return undefined;
  const alone = source === node.inputs[0];
  if (alone && (!is(node, Reshape) || isTarget(node.inputs[1]!, target))) return undefined;
  return [b.add(Reshape, [source, b.i64(...target)])];
});

/** Transpose(Transpose(x, p), q)  ->  Transpose(x, p[q]). Or a Reshape if only axes of size 1 move. */
const mergeTransposes = rule('merge-transposes', 'transposes merged', [Transpose], (node, { b }) => {
  const order = orderOf(node);
  if (order === undefined) return undefined;
  const x = node.inputs[0]!;
  if (orderOf(x.node) !== undefined || isIdentity(order)) return [permuted(b, x, order)];
  const target = movesOnlyOnes(x.shape, order) ? targetFor(node.outputs[0]!.shape) : undefined;
  return target === undefined ? undefined : [b.add(Reshape, [x, b.i64(...target)])];
});

interface Bounds {
  readonly x: Value;
  readonly min: number;
  readonly max: number;
}

function boundsOf(value: Value): Bounds | undefined {
  const { node } = value;
  if (is(node, Clamp)) return { x: node.inputs[0]!, min: node.attrs.min, max: node.attrs.max };
  if (is(node, Relu)) return { x: node.inputs[0]!, min: 0, max: Infinity };
  if (!is(node, Maximum) && !is(node, Minimum)) return undefined;
  const bound = uniformElement(node.inputs[1]!);
  const x = node.inputs[0]!;
  if (bound === undefined || !isReal(x.type) || !matchesOutput(x, node)) return undefined;
  return is(node, Maximum) ? { x, min: bound, max: Infinity } : { x, min: -Infinity, max: bound };
}

/** min(max(x, a), b)  ->  Clamp(x, a, b). Likewise for Clamp and ReLU. */
const mergeClamps = rule('merge-clamps', 'clamps merged', [Clamp, Relu, Maximum, Minimum], (node, { b }) => {
  const outer = boundsOf(node.outputs[0]!);
  if (outer === undefined) return undefined;
  const inner = boundsOf(outer.x);
  if (inner === undefined) return undefined;
  const min = Math.min(Math.max(inner.min, outer.min), outer.max);
  const max = Math.max(Math.min(inner.max, outer.max), outer.min);
  if (min > max) return undefined;
  if (min === 0 && max === Infinity) return [b.add(Relu, [inner.x])];
  return Number.isFinite(min) && Number.isFinite(max) ? [b.add(Clamp, [inner.x], { min, max })] : undefined;
});

function broadcastScalar({ node }: Value): { readonly scalar: Value; readonly shape: Value } | undefined {
  if (!is(node, Broadcast) || node.attrs.mode !== 'numpy') return undefined;
  const scalar = node.inputs[0]!;
  const shape = node.inputs[1]!;
  if (scalar.shape.length > 0 || uniformElement(scalar) === undefined) return undefined;
  return { scalar, shape };
}

/**
 * x + Broadcast(c, shape)  ->  Broadcast(x + c, shape). Or x + c if it has that shape. Likewise for all binary ops.
 * OpenVINO's CPU plugin treats a broadcast to a dynamic number of rows as one row if there are none.
 */
const broadcastLater = rule(
  'broadcast-later',
  'broadcasts of scalars postponed',
  op => op.traits?.broadcast === 'common',
  (node, { b }) => {
    if (node.inputs.length !== 2) return undefined;
    const sides = node.inputs.map(broadcastScalar);
    const [found, ...more] = sides.filter(side => side !== undefined);
    if (found === undefined || more.length > 0) return undefined;
    const inputs = node.inputs.map((input, i) => sides[i]?.scalar ?? input);
    const once = b.rebuild(node, inputs)[0]!;
    if (matchesOutput(once, node)) return [once];
    return [b.add(Broadcast, [once, found.shape], { mode: once.shape.length === 0 ? 'numpy' : 'bidirectional' })];
  },
);

export const simplify = pass(
  'simplify',
  'removes ops without effect and merges successive reshapes, transposes and clamps',
  [
    neutralElement,
    sameTypeAndShape,
    padNothing,
    reduceNothing,
    concatOne,
    sliceAll,
    constantCondition,
    equalBranches,
    mergeReshapes,
    mergeTransposes,
    mergeClamps,
    ...GATHER_RULES,
    uniformInvariant,
    broadcastLater,
  ],
  { repeat: true },
);
