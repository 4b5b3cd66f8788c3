import { allDefined } from '../all-defined.ts';
import type { Builder } from '../builder.ts';
import { constantOf, type Node, type Value } from '../graph.ts';
import { PRelu } from '../ops/activation.ts';
import { nodeAxes, withAxes } from '../node-axes.ts';
import { Gather } from '../ops/gather.ts';
import { Transpose } from '../ops/movement.ts';
import { ShapeOf } from '../ops/shape.ts';
import { inverseOf, movesOnlyOnes, orderOf, permuted, sameOrder } from '../permutation.ts';
import { unsqueeze } from '../shorthand.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

const SUNK = 'transposes moved past other ops';

/** Values of at least this rank are feature maps: transposing one more input of theirs pays off. */
const FEATURE_MAP_RANK = 4;

function transposedOrder(values: readonly Value[]): readonly number[] | undefined {
  for (const { node } of values) {
    const order = orderOf(node);
    if (order !== undefined) return order;
  }
  return undefined;
}

/** Returns the value that `order` transposes to `value`, broadcast to the rank of the order, if this is worth it. */
function untransposed(value: Value, order: readonly number[], b: Builder): Value | undefined {
  const own = orderOf(value.node);
  if (own !== undefined && sameOrder(own, order)) return value.node.inputs[0]!;
  if (value.shape.length > order.length) return undefined;
  if (value.shape.every(dim => dim === 1)) return value;
  const missing = order.length - value.shape.length;
  const full = unsqueeze(b, value, ...Array.from({ length: missing }, (_, i) => i));
  const inverse = inverseOf(order);
  const worthwhile = order.length >= FEATURE_MAP_RANK || movesOnlyOnes(full.shape, inverse);
  return constantOf(value) !== undefined || worthwhile ? permuted(b, full, inverse) : undefined;
}

/** Transpose(Transpose(x, p), q)  ->  Transpose(x, p[q]) */
const mergeTransposes = rule('merge-transposes', 'transposes merged', [Transpose], (node, { b }) => {
  const order = orderOf(node);
  const x = node.inputs[0]!;
  return order === undefined || orderOf(x.node) === undefined ? undefined : [permuted(b, x, order)];
});

function sinkUnary(node: Node, b: Builder): readonly Value[] | undefined {
  const [x, ...parameters] = node.inputs as [Value, ...Value[]];
  const order = orderOf(x.node);
  if (order === undefined) return undefined;
  return b.rebuild(node, [x.node.inputs[0]!, ...parameters]).map(value => permuted(b, value, order));
}

/** f(Transpose(x))  ->  Transpose(f(x)) */
const sinkThroughElementwise = rule(
  'sink-through-elementwise',
  SUNK,
  ({ traits }) => traits?.elementwise === true && traits.broadcast === undefined,
  (node, { b }) => sinkUnary(node, b),
);

/** PReLU(Transpose(x), slope)  ->  Transpose(PReLU(x, slope)). Unless there is a slope per channel. */
const sinkThroughPRelu = rule('sink-through-prelu', SUNK, [PRelu], (node, { b }) =>
  node.inputs[1]!.shape.every(dim => dim === 1) ? sinkUnary(node, b) : undefined,
);

/** f(Transpose(x, p), Transpose(y, p))  ->  Transpose(f(x, y), p). Inputs in other orders are transposed if that pays off. */
const sinkThroughBroadcast = rule(
  'sink-through-broadcast',
  SUNK,
  ({ traits }) => traits?.broadcast !== undefined,
  (node, { b }) => {
    const order = transposedOrder(node.inputs);
    if (order?.length !== node.outputs[0]!.shape.length) return undefined;
    const inputs = allDefined(node.inputs, input => untransposed(input, order, b));
    return inputs === undefined ? undefined : [permuted(b, b.rebuild(node, inputs)[0]!, order)];
  },
);

/** f(Transpose(x, p), c)  ->  Transpose(f(x, c), p). Only where no other map would have to be transposed. */
const sinkThroughConstants = rule(
  'sink-through-constants',
  SUNK,
  ({ traits }) => traits?.broadcast !== undefined,
  (node, context) =>
    node.inputs.every(input => constantOf(input) !== undefined || orderOf(input.node) !== undefined)
      ? sinkThroughBroadcast.rewrite(node, context)
      : undefined,
);

function orderWithout(order: readonly number[], dropped: readonly number[]): readonly number[] {
  const left = order.filter((_, i) => !dropped.includes(i));
  const sorted = [...left].sort((a, b) => a - b);
  return left.map(axis => sorted.indexOf(axis));
}

/** f(Transpose(x, p), axes)  ->  Transpose(f(x, p[axes]), p). If f drops axes, p becomes the order of the remaining ones. */
const sinkThroughAxes = rule(
  'sink-through-axes',
  SUNK,
  ({ traits }) => traits?.axes !== undefined,
  (node, { b }) => {
    const data = node.op.traits!.concatenates === true ? node.inputs : node.inputs.slice(0, 1);
    const order = transposedOrder(data);
    const axes = order && nodeAxes(node);
    if (order === undefined || axes === undefined) return undefined;
    // Transposing most of the inputs of a Concat costs more than it saves.
    const transposed = data.filter(input => orderOf(input.node) !== undefined || constantOf(input) !== undefined);
    if (2 * transposed.length < data.length) return undefined;
    const sources = allDefined(data, input => untransposed(input, order, b));
    if (sources === undefined) return undefined;
    const remapped = axes.map(axis => order[axis]!).sort((p, q) => p - q);
    const inputs = [...sources, ...node.inputs.slice(sources.length)];
    return withAxes(node, inputs, remapped, b).map((value, i) => {
      const keepsAxes = node.outputs[i]!.shape.length === order.length;
      return permuted(b, value, keepsAxes ? order : orderWithout(order, axes));
    });
  },
);

/** Pad(Transpose(x, p), pads)  ->  Transpose(Pad(x, pads[inverse p]), p) */
const sinkThroughPerAxis = rule(
  'sink-through-per-axis',
  SUNK,
  ({ traits }) => traits?.perAxis !== undefined,
  (node, { b }) => {
    const x = node.inputs[0]!;
    const order = orderOf(x.node);
    if (order === undefined) return undefined;
    const inverse = inverseOf(order);
    const inputs = node.inputs.map((input, i) =>
      node.op.traits!.perAxis!.includes(i) ? b.add(Gather, [input, b.i64(...inverse), b.scalar('i64', 0)]) : input,
    );
    return [permuted(b, b.rebuild(node, [x.node.inputs[0]!, ...inputs.slice(1)])[0]!, order)];
  },
);

/** ShapeOf(Transpose(x, p))  ->  Gather(ShapeOf(x), p) */
const sinkThroughShapeOf = rule('sink-through-shape-of', SUNK, [ShapeOf], (node, { b }) => {
  const x = node.inputs[0]!;
  const order = orderOf(x.node);
  if (order === undefined) return undefined;
  const sizes = b.rebuild(node, [x.node.inputs[0]!])[0]!;
  return [b.add(Gather, [sizes, b.i64(...order), b.scalar('i64', 0)])];
});

export const sinkTransposes = pass(
  'sink-transposes',
  'moves NHWC/NCHW transposes towards the outputs until they cancel',
  [
    mergeTransposes,
    sinkThroughElementwise,
    sinkThroughBroadcast,
    sinkThroughAxes,
    sinkThroughPerAxis,
    sinkThroughPRelu,
    sinkThroughShapeOf,
  ],
);

/** After this, OpenVINO fuses biases and activations with what computes a transposed map. The map is not copied for it. */
export const sinkPastActivations = pass('sink-past-activations', 'moves transposes past biases and activations', [
  mergeTransposes,
  sinkThroughElementwise,
  sinkThroughConstants,
  sinkThroughPRelu,
]);
