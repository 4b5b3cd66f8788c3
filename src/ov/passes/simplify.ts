import { type Dim, shapeEquals } from '../../tensor/dim.ts';
import { bitsOf, isReal } from '../../tensor/element-type.ts';
import { numbersOf, sizeOf } from '../../tensor/tensor.ts';
import { constantOf, type Graph, is, type Node, type Value } from '../graph.ts';
import { Add, Divide, Maximum, Minimum, Multiply, Power, Subtract } from '../ops/arithmetic.ts';
import { BROADCASTING } from '../ops/elementwise-lists.ts';
import { Broadcast, Concat, Pad, Tile } from '../ops/movement.ts';
import { ReduceL1, ReduceL2, REDUCTIONS } from '../ops/reduction.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ops/shape.ts';
import { Select } from '../ops/condition.ts';
import { StridedSlice } from '../ops/slice.ts';
import { Clamp, Relu } from '../ops/activation.ts';
import { Convert } from '../ops/type.ts';
import { movesOnlyOnes, orderOf, permuted } from '../permutation.ts';
import { rewrite, type Rule, untilStable } from '../rewrite.ts';
import type { Count, Pass } from './pass.ts';

/** Constants of more elements than this are taken for what they look like: weights. */
const SMALL = 1 << 12;

/** The one number that all elements of a constant are. */
function uniform(value: Value): number | undefined {
  const constant = constantOf(value);
  if (constant === undefined || bitsOf(constant.type) < 8 || sizeOf(constant.shape) > SMALL) return undefined;
  const numbers = numbersOf(constant);
  const first = numbers[0];
  return numbers.every(number => number === first) ? first : undefined;
}

const keeps = (x: Value, node: Node): boolean =>
  x.type === node.outputs[0]!.type && shapeEquals(x.shape, node.outputs[0]!.shape);

/** x + 0, x - 0, x * 1, x / 1, x ^ 1. */
const neutralElements: Rule = node => {
  const neutral =
    is(node, Add) || is(node, Subtract) ? 0 : is(node, Multiply) || is(node, Divide) || is(node, Power) ? 1 : undefined;
  if (neutral === undefined) return undefined;
  const [x, y] = [node.inputs[0]!, node.inputs[1]!];
  if (uniform(y) === neutral && keeps(x, node)) return [x];
  const commutes = is(node, Add) || is(node, Multiply);
  return commutes && uniform(x) === neutral && keeps(y, node) ? [y] : undefined;
};

/** Reductions that give a lone element as it is. */
const reducing = new Set<unknown>(REDUCTIONS.filter(op => op !== ReduceL1 && op !== ReduceL2));

/** Ops that leave their input as it is. */
const noOps: Rule = node => {
  const x = node.inputs[0];
  if (x === undefined) return undefined;
  if (is(node, Convert) || is(node, Broadcast) || is(node, Tile)) return keeps(x, node) ? [x] : undefined;
  if (is(node, Pad)) return uniform(node.inputs[1]!) === 0 && uniform(node.inputs[2]!) === 0 ? [x] : undefined;
  // OpenVINO's CPU does not compile a reduction without axes.
  if (reducing.has(node.op)) return node.inputs[1]!.shape[0] === 0 ? [x] : undefined;
  if (is(node, Concat)) {
    const parts = node.inputs.filter(input => input.shape[axisOf(node)] !== 0);
    return parts.length === 1 ? parts : undefined;
  }
  if (is(node, StridedSlice)) return takesAll(node) ? [x] : undefined;
  return undefined;
};

const axisOf = (node: Node<(typeof Concat)['attributes']>): number =>
  node.attrs.axis < 0 ? node.attrs.axis + node.inputs[0]!.shape.length : node.attrs.axis;

const takesAll = (node: Node<(typeof StridedSlice)['attributes']>): boolean => {
  const [x, begin, , step] = node.inputs;
  const { begin_mask, new_axis_mask, shrink_axis_mask } = node.attrs;
  if (new_axis_mask.includes(true) || shrink_axis_mask.includes(true) || !keeps(x!, node)) return false;
  const begins = begin!.partialValue?.every((at, i) => at === 0 || begin_mask[i] === true) === true;
  return begins && (step === undefined || uniform(step) === 1);
};

const chosenBranch: Rule = node => {
  if (!is(node, Select)) return undefined;
  const condition = uniform(node.inputs[0]!);
  if (condition === undefined) return undefined;
  const branch = node.inputs[condition === 0 ? 2 : 1]!;
  return keeps(branch, node) ? [branch] : undefined;
};

const isReshaping = (node: Node): boolean => is(node, Reshape) || is(node, Squeeze) || is(node, Unsqueeze);

/** A target of which one size at most is left open. */
function targetFor(shape: readonly Dim[]): readonly number[] | undefined {
  const open = shape.filter(dim => typeof dim !== 'number').length;
  return open > 1 || (open === 1 && shape.includes(0))
    ? undefined
    : shape.map(dim => (typeof dim === 'number' ? dim : -1));
}

/** Several reshapes in a row are one, and none where the shape comes back; a known target is constant. */
const reshapes: Rule = (node, b) => {
  if (!isReshaping(node)) return undefined;
  let source = node.inputs[0]!;
  while (isReshaping(source.node)) source = source.node.inputs[0]!;
  if (keeps(source, node)) return [source];
  const target = targetFor(node.outputs[0]!.shape);
  if (target === undefined) return undefined;
  const alone = source === node.inputs[0];
  if (alone && (!is(node, Reshape) || isTarget(node.inputs[1]!, target))) return undefined;
  return [b.add(Reshape, [source, b.i64(...target)])];
};

const isTarget = (value: Value, target: readonly number[]): boolean =>
  constantOf(value) !== undefined && target.every((size, i) => size === -1 || size === value.partialValue?.[i]);

/** Transposes in a row are one; a transpose that moves axes of size 1 alone is a reshape. */
const transposes: Rule = (node, b) => {
  const order = orderOf(node);
  if (order === undefined) return undefined;
  const x = node.inputs[0]!;
  if (orderOf(x.node) !== undefined || order.every((axis, i) => axis === i)) return [permuted(b, x, order)];
  const target = movesOnlyOnes(x.shape, order) ? targetFor(node.outputs[0]!.shape) : undefined;
  return target === undefined ? undefined : [b.add(Reshape, [x, b.i64(...target)])];
};

interface Bounds {
  readonly x: Value;
  readonly min: number;
  readonly max: number;
}

/** A value as another one between bounds. */
function boundsOf(value: Value): Bounds | undefined {
  const { node } = value;
  if (is(node, Clamp)) return { x: node.inputs[0]!, min: node.attrs.min, max: node.attrs.max };
  if (is(node, Relu)) return { x: node.inputs[0]!, min: 0, max: Infinity };
  if (!is(node, Maximum) && !is(node, Minimum)) return undefined;
  const bound = uniform(node.inputs[1]!);
  const x = node.inputs[0]!;
  if (bound === undefined || !isReal(x.type) || !keeps(x, node)) return undefined;
  return is(node, Maximum) ? { x, min: bound, max: Infinity } : { x, min: -Infinity, max: bound };
}

/** Bounds upon bounds are one Clamp, if the inner ones lie around the outer ones or both give an interval. */
const clamps: Rule = (node, b) => {
  const outer = node.outputs[0] === undefined ? undefined : boundsOf(node.outputs[0]);
  if (outer === undefined) return undefined;
  const inner = boundsOf(outer.x);
  if (inner === undefined) return undefined;
  const min = Math.min(Math.max(inner.min, outer.min), outer.max);
  const max = Math.max(Math.min(inner.max, outer.max), outer.min);
  if (min > max) return undefined;
  if (min === 0 && max === Infinity) return [b.add(Relu, [inner.x])];
  return Number.isFinite(min) && Number.isFinite(max) ? [b.add(Clamp, [inner.x], { min, max })] : undefined;
};

const broadcasting = new Set<unknown>(BROADCASTING);

/** The one number that a value repeats, and the shape that it repeats it over. */
const repeated = (value: Value): { readonly number: Value; readonly shape: Value } | undefined => {
  const [number, shape] = value.node.inputs;
  if (!is(value.node, Broadcast) || value.node.attrs.mode !== 'numpy' || constantOf(number!) === undefined)
    return undefined;
  return uniform(number!) === undefined || number!.shape.length > 0 ? undefined : { number: number!, shape: shape! };
};

/**
 * Arithmetic with a number that is repeated: done once, then repeated, if the other side does not have the shape already.
 * OpenVINO's CPU takes a value of as many rows as there are to have one row where there are none.
 */
const repeatedNumbers: Rule = (node, b) => {
  if (!broadcasting.has(node.op)) return undefined;
  const sides = node.inputs.map(repeated);
  const [whole, ...more] = sides.filter(side => side !== undefined);
  if (whole === undefined || more.length > 0) return undefined;
  const inputs = node.inputs.map((input, i) => sides[i]?.number ?? input);
  const once = b.rebuild(node, inputs)[0]!;
  if (keeps(once, node)) return [once];
  return [b.add(Broadcast, [once, whole.shape], { mode: once.shape.length === 0 ? 'numpy' : 'bidirectional' })];
};

const RULES: readonly (readonly [Rule, what: string])[] = [
  [neutralElements, 'ops that computed nothing removed'],
  [noOps, 'ops that computed nothing removed'],
  [chosenBranch, 'ops that computed nothing removed'],
  [reshapes, 'reshapes in a row joined'],
  [transposes, 'transposes in a row joined'],
  [clamps, 'bounds in a row joined'],
  [repeatedNumbers, 'repeated computations done once'],
];

const anyRule =
  (count?: Count): Rule =>
  (node, b, uses) => {
    for (const [rule, what] of RULES) {
      const outputs = rule(node, b, uses);
      if (outputs === undefined) continue;
      count?.(what);
      return outputs;
    }
    return undefined;
  };

/** Removes what does nothing and joins what follows itself. */
export const simplify: Pass = {
  name: 'simplify',
  run: (graph: Graph, count) => untilStable(graph, current => rewrite(current, anyRule(count))),
};
