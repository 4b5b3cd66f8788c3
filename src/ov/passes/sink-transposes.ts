import type { Builder } from '../builder.ts';
import { constantOf, type Graph, is, type Node, type Op, topological, type Value } from '../graph.ts';
import { BROADCASTING, ELEMENTWISE } from '../ops/elementwise-lists.ts';
import { FakeQuantize } from '../ops/quantization.ts';
import { Concat, Pad, Split, Transpose, VariadicSplit } from '../ops/movement.ts';
import { Gather } from '../ops/gather.ts';
import { LogSoftmax, PRelu, SoftMax } from '../ops/activation.ts';
import { REDUCTIONS } from '../ops/reduction.ts';
import { ShapeOf, Squeeze, Unsqueeze } from '../ops/shape.ts';
import { Select } from '../ops/condition.ts';
import { inverseOf, movesOnlyOnes, orderOf, permuted, sameOrder } from '../permutation.ts';
import { rewrite, type Rule } from '../rewrite.ts';
import type { Pass } from './pass.ts';

/** Values of at least this rank are feature maps, for which bringing one more input into the order of the others pays. */
const FEATURE_MAP_RANK = 4;

const elementwise = new Set<unknown>(ELEMENTWISE);
const broadcasting = new Set<unknown>([...BROADCASTING, Select, FakeQuantize]);
const joining = new Set<unknown>([...broadcasting, Concat]);
const reductions = new Set<unknown>(REDUCTIONS);

/** How one op lets the transpose of its input pass: `order` is that of the transpose, `x` what it transposes. */
type Sink = (node: Node, order: readonly number[], x: Value, b: Builder) => readonly Value[] | undefined;

const frontAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const throughElementwise: Sink = (node, order, x, b) => {
  const outputs = b.rebuild(node, [x, ...node.inputs.slice(1)]);
  return outputs.map(value => permuted(b, value, order));
};

/** `value` as it must be so that transposing it by `order` gives it back, broadcast to the order's rank. */
function untransposed(value: Value, order: readonly number[], b: Builder): Value | undefined {
  const own = orderOf(value.node);
  if (own !== undefined && sameOrder(own, order)) return value.node.inputs[0]!;
  if (value.shape.length > order.length) return undefined;
  if (value.shape.every(dim => dim === 1)) return value;
  const missing = order.length - value.shape.length;
  const full =
    missing === 0 ? value : b.add(Unsqueeze, [value, b.i64(...Array.from({ length: missing }, (_, i) => i))]);
  const inverse = inverseOf(order);
  const worth = order.length >= FEATURE_MAP_RANK || movesOnlyOnes(full.shape, inverse);
  return constantOf(value) !== undefined || worth ? permuted(b, full, inverse) : undefined;
}

function untransposedAll(values: readonly Value[], order: readonly number[], b: Builder): readonly Value[] | undefined {
  const all: Value[] = [];
  for (const value of values) {
    const back = untransposed(value, order, b);
    if (back === undefined) return undefined;
    all.push(back);
  }
  return all;
}

const throughBroadcasting: Sink = (node, order, _x, b) => {
  if (node.outputs[0]!.shape.length !== order.length) return undefined;
  const inputs = untransposedAll(node.inputs, order, b);
  return inputs === undefined ? undefined : [permuted(b, b.rebuild(node, inputs)[0]!, order)];
};

const throughConcat: Sink = (node, order, _x, b) => {
  if (!is(node, Concat)) return undefined;
  const transposed = node.inputs.filter(input => orderOf(input.node) !== undefined || constantOf(input) !== undefined);
  if (2 * transposed.length < node.inputs.length) return undefined;
  const inputs = untransposedAll(node.inputs, order, b);
  if (inputs === undefined) return undefined;
  const axis = order[frontAxis(node.attrs.axis, order.length)]!;
  return [permuted(b, b.add(Concat, inputs, { axis }), order)];
};

const throughSplit: Sink = (node, order, x, b) => {
  const axis = node.inputs[1]!.partialValue?.[0];
  if (typeof axis !== 'number') return undefined;
  const moved = b.scalar('i64', order[frontAxis(axis, order.length)]!);
  return b.rebuild(node, [x, moved, ...node.inputs.slice(2)]).map(value => permuted(b, value, order));
};

/** The order of the axes that are left when `gone` (axes of the transposed value) are dropped. */
function orderWithout(order: readonly number[], gone: readonly number[]): readonly number[] {
  const left = order.filter((_, i) => !gone.includes(i));
  const rank = [...left].sort((a, b) => a - b);
  return left.map(axis => rank.indexOf(axis));
}

const knownAxes = (value: Value | undefined, rank: number): readonly number[] | undefined =>
  value?.partialValue?.every(axis => typeof axis === 'number') === true
    ? value.partialValue.map(axis => frontAxis(axis, rank))
    : undefined;

const throughReduction: Sink = (node, order, x, b) => {
  const axes = knownAxes(node.inputs[1], order.length);
  if (axes === undefined) return undefined;
  const [reduced] = b.rebuild(node, [x, b.i64(...axes.map(axis => order[axis]!).sort((p, q) => p - q))]);
  const keep = node.outputs[0]!.shape.length === order.length;
  return [permuted(b, reduced!, keep ? order : orderWithout(order, axes))];
};

const throughSqueeze: Sink = (node, order, x, b) => {
  const axes = knownAxes(node.inputs[1], order.length);
  if (axes === undefined) return undefined;
  const squeezed = b.add(Squeeze, [x, b.i64(...axes.map(axis => order[axis]!).sort((p, q) => p - q))]);
  return [permuted(b, squeezed, orderWithout(order, axes))];
};

const throughPad: Sink = (node, order, x, b) => {
  const inverse = inverseOf(order);
  const reorder = (pads: Value): Value => b.add(Gather, [pads, b.i64(...inverse), b.scalar('i64', 0)]);
  const [, before, after, ...value] = node.inputs;
  return [permuted(b, b.rebuild(node, [x, reorder(before!), reorder(after!), ...value])[0]!, order)];
};

const throughSoftmax: Sink = (node, order, x, b) => {
  if (!is(node, SoftMax) && !is(node, LogSoftmax)) return undefined;
  const axis = order[frontAxis(node.attrs.axis, order.length)]!;
  const op: Op<(typeof SoftMax)['attributes']> = is(node, SoftMax) ? SoftMax : LogSoftmax;
  return [permuted(b, b.add(op, [x], { axis }), order)];
};

/** The sizes of a transposed value are those of the value in another order. */
const throughShapeOf: Sink = (node, order, x, b) => {
  const sizes = b.rebuild(node, [x])[0]!;
  return [b.add(Gather, [sizes, b.i64(...order), b.scalar('i64', 0)])];
};

function sinkFor(node: Node): Sink | undefined {
  if (elementwise.has(node.op)) return throughElementwise;
  if (broadcasting.has(node.op)) return throughBroadcasting;
  if (reductions.has(node.op)) return throughReduction;
  if (is(node, PRelu)) return node.inputs[1]!.shape.every(dim => dim === 1) ? throughElementwise : undefined;
  if (is(node, Concat)) return throughConcat;
  if (is(node, Split) || is(node, VariadicSplit)) return throughSplit;
  if (is(node, Squeeze)) return throughSqueeze;
  if (is(node, Pad)) return throughPad;
  if (is(node, SoftMax) || is(node, LogSoftmax)) return throughSoftmax;
  if (is(node, ShapeOf)) return throughShapeOf;
  return undefined;
}

const sink: Rule = (node, b) => {
  const order = orderOf(node);
  if (order !== undefined) {
    const x = node.inputs[0]!;
    return orderOf(x.node) === undefined ? undefined : [permuted(b, x, order)];
  }
  // The first input is the data; the others of a node that does not join its inputs are axes, pads or slopes.
  const data = joining.has(node.op) ? node.inputs : node.inputs.slice(0, 1);
  const transposed = data.find(input => orderOf(input.node) !== undefined);
  if (transposed === undefined) return undefined;
  return sinkFor(node)?.(node, orderOf(transposed.node)!, transposed.node.inputs[0]!, b);
};

const transposesIn = (graph: Graph): number =>
  topological(graph).reduce(
    (sum, node) => node.bodies.reduce((inner, body) => inner + transposesIn(body), sum + Number(is(node, Transpose))),
    0,
  );

/**
 * Moves transposes towards the outputs until they meet their opposites: of the pairs that stand around every convolution
 * of a TensorFlow model none is left between two of them.
 */
export const sinkTransposes: Pass = {
  name: 'sink-transposes',
  run(graph: Graph, count) {
    const sunk = rewrite(graph, sink);
    const removed = transposesIn(graph) - transposesIn(sunk);
    if (removed > 0) count?.('transposes removed, which met their opposites', removed);
    return sunk;
  },
};
