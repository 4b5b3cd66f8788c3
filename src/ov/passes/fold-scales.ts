import type { Builder } from '../builder.ts';
import { constantOf, type Graph, is, type Node, type Value } from '../graph.ts';
import { Convolution, ConvolutionBackpropData, GroupConvolution } from '../ops/convolution.ts';
import { Add, Divide, Multiply, Negative, Subtract } from '../ops/arithmetic.ts';
import { MatMul } from '../ops/matrix.ts';
import { Reshape } from '../ops/shape.ts';
import { shapeEquals } from '../../tensor/dim.ts';
import { isReal } from '../../tensor/element-type.ts';
import { rewrite, type Rule, untilStable } from '../rewrite.ts';
import type { Count, Pass } from './pass.ts';

const isConstant = (value: Value): boolean => constantOf(value) !== undefined;

/** The constant and the other input of a node that has one of each. */
function parts(node: Node): { readonly x: Value; readonly constant: Value } | undefined {
  const [a, c] = [node.inputs[0]!, node.inputs[1]!];
  if (isConstant(c) && !isConstant(a)) return { x: a, constant: c };
  return isConstant(a) && !isConstant(c) ? { x: c, constant: a } : undefined;
}

/** Along which axis of a value of `rank` dimensions a constant varies; `all` for one number. */
function variesAlong(constant: Value, rank: number): number | 'all' | undefined {
  const pad = rank - constant.shape.length;
  const axes = constant.shape.flatMap((dim, i) => (dim === 1 ? [] : [i + pad]));
  return pad < 0 || axes.length > 1 ? undefined : (axes[0] ?? 'all');
}

/** `factor` in the shape that multiplies filters along their output channels. */
function alongOutputs(b: Builder, node: Node, factor: Value): Value | undefined {
  const filters = node.inputs[1]!;
  const rank = node.outputs[0]!.shape.length;
  const axis = variesAlong(factor, rank);
  if (is(node, MatMul)) {
    if (filters.shape.length !== 2) return undefined;
    if (axis === 'all') return b.add(Reshape, [factor, b.i64(1, 1)]);
    if (axis !== rank - 1) return undefined;
    return b.add(Reshape, [factor, node.attrs.transpose_b ? b.i64(-1, 1) : b.i64(1, -1)]);
  }
  const ones = filters.shape.map(() => 1);
  if (axis === 'all') return b.add(Reshape, [factor, b.i64(...ones)]);
  if (axis !== 1) return undefined;
  if (is(node, Convolution)) return b.add(Reshape, [factor, b.i64(-1, ...ones.slice(1))]);
  if (is(node, ConvolutionBackpropData)) return b.add(Reshape, [factor, b.i64(1, -1, ...ones.slice(2))]);
  if (is(node, GroupConvolution)) {
    const [groups, perGroup] = filters.shape;
    return b.add(Reshape, [factor, b.i64(Number(groups), Number(perGroup), ...ones.slice(2))]);
  }
  return undefined;
}

const hasFilters = (node: Node): boolean =>
  (is(node, Convolution) || is(node, GroupConvolution) || is(node, ConvolutionBackpropData) || is(node, MatMul)) &&
  isConstant(node.inputs[1]!);

/** The filtering node's outputs with its filters multiplied (or divided) by a constant along the output channels. */
function scaled(b: Builder, value: Value, factor: Value, op: typeof Multiply | typeof Divide): Value | undefined {
  const { node } = value;
  if (!hasFilters(node)) return undefined;
  const along = alongOutputs(b, node, factor);
  if (along === undefined) return undefined;
  const filters = op === Multiply ? b.add(Multiply, [node.inputs[1]!, along]) : b.add(Divide, [node.inputs[1]!, along]);
  return b.rebuild(node, [node.inputs[0]!, filters])[0];
}

/** (filters x) * c is (filters * c) x, and (filters x + bias) * c is (filters * c) x + bias * c. */
const scaleIntoFilters: Rule = (node, b, uses) => {
  if (!is(node, Multiply) && !is(node, Divide)) return undefined;
  const op = is(node, Multiply) ? Multiply : Divide;
  const found = parts(node);
  if (found === undefined || (op === Divide && found.x !== node.inputs[0])) return undefined;
  const { x, constant } = found;
  if (!isReal(x.type) || uses(x) > 1 || !shapeEquals(x.shape, node.outputs[0]!.shape)) return undefined;
  const direct = scaled(b, x, constant, op);
  if (direct !== undefined) return [direct];
  const sum = is(x.node, Add) ? parts(x.node) : undefined;
  if (sum === undefined || uses(sum.x) > 1) return undefined;
  const product = scaled(b, sum.x, constant, op);
  if (product === undefined) return undefined;
  const bias = op === Multiply ? b.add(Multiply, [sum.constant, constant]) : b.add(Divide, [sum.constant, constant]);
  return [b.add(Add, [product, bias])];
};

/** Filters of scaled channels are scaled filters: padding with zeros stays padding with zeros. */
const scaleOfInputs: Rule = (node, b, uses) => {
  if (!is(node, Convolution) || !isConstant(node.inputs[1]!)) return undefined;
  const [x, filters] = [node.inputs[0]!, node.inputs[1]!];
  const found = is(x.node, Multiply) && uses(x) === 1 ? parts(x.node) : undefined;
  if (found === undefined || !shapeEquals(found.x.shape, x.shape)) return undefined;
  const axis = variesAlong(found.constant, x.shape.length);
  const ones = filters.shape.slice(2).map(() => 1);
  if (axis !== 1 && axis !== 'all') return undefined;
  const factor = b.add(Reshape, [found.constant, b.i64(1, axis === 1 ? -1 : 1, ...ones)]);
  return b.rebuild(node, [found.x, b.add(Multiply, [filters, factor])]);
};

/** Constants that follow each other are one: x + a + b, x * a * b; x - a is x + (-a). */
const chains: Rule = (node, b, uses) => {
  if (
    is(node, Subtract) &&
    isConstant(node.inputs[1]!) &&
    !isConstant(node.inputs[0]!) &&
    isReal(node.inputs[0]!.type)
  ) {
    return [b.add(Add, [node.inputs[0]!, b.add(Negative, [node.inputs[1]!])])];
  }
  const op = is(node, Add) ? Add : is(node, Multiply) ? Multiply : undefined;
  const outer = op === undefined ? undefined : parts(node);
  if (op === undefined || outer === undefined || !isReal(outer.x.type) || uses(outer.x) > 1) return undefined;
  const inner = is(outer.x.node, op) ? parts(outer.x.node) : undefined;
  if (inner === undefined || !shapeEquals(inner.x.shape, node.outputs[0]!.shape)) return undefined;
  return [b.add(op, [inner.x, b.add(op, [inner.constant, outer.constant])])];
};

const fold =
  (count?: Count): Rule =>
  (node, b, uses) => {
    const scaled = scaleIntoFilters(node, b, uses) ?? scaleOfInputs(node, b, uses);
    const outputs = scaled ?? chains(node, b, uses);
    if (outputs !== undefined)
      count?.(scaled === undefined ? 'constants in a row joined' : 'scales and batch norms folded into filters');
    return outputs;
  };

/** Batch normalisation and other constant factors go into the filters before or behind them. */
export const foldScales: Pass = {
  name: 'fold-scales',
  run: (graph: Graph, count) => untilStable(graph, current => rewrite(current, fold(count))),
};
