import { shapeEquals } from '../../tensor/dim.ts';
import { isReal } from '../../tensor/element-type.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Node, type Value } from '../graph.ts';
import { Add, Divide, Multiply, Negative, Subtract } from '../ops/arithmetic.ts';
import { Convolution, ConvolutionBackpropData, GroupConvolution } from '../ops/convolution.ts';
import { MatMul } from '../ops/matrix.ts';
import { Reshape } from '../ops/shape.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

const FOLDED = 'scales and batch normalizations folded into filters';
const MERGED = 'successive constants merged';

const isConstant = (value: Value): boolean => constantOf(value) !== undefined;

interface Operands {
  readonly x: Value;
  readonly constant: Value;
}

function operandsOf(node: Node): Operands | undefined {
  const left = node.inputs[0]!;
  const right = node.inputs[1]!;
  if (isConstant(right) && !isConstant(left)) return { x: left, constant: right };
  return isConstant(left) && !isConstant(right) ? { x: right, constant: left } : undefined;
}

/** Returns the only axis along which a constant varies, if broadcast to `rank`; `all` if it has a single element. */
function variesAlong(constant: Value, rank: number): number | 'all' | undefined {
  const pad = rank - constant.shape.length;
  const axes = constant.shape.flatMap((dim, i) => (dim === 1 ? [] : [i + pad]));
  return pad < 0 || axes.length > 1 ? undefined : (axes[0] ?? 'all');
}

/** Reshapes `factor` so that it scales filters along their output channels. */
function alignWithOutputChannels(b: Builder, node: Node, factor: Value): Value | undefined {
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

type Scale = typeof Multiply | typeof Divide;

const scaled = (b: Builder, op: Scale, x: Value, factor: Value): Value =>
  op === Multiply ? b.add(Multiply, [x, factor]) : b.add(Divide, [x, factor]);

/** W*x  ->  (W*c)*x, or (W/c)*x */
function scaleFilters(b: Builder, op: Scale, { node }: Value, factor: Value): Value | undefined {
  if (!hasFilters(node)) return undefined;
  const along = alignWithOutputChannels(b, node, factor);
  return along === undefined ? undefined : b.rebuild(node, [node.inputs[0]!, scaled(b, op, node.inputs[1]!, along)])[0];
}

/** (W*x + bias) * c  ->  (W*c)*x + bias*c. With or without a bias. Likewise for division. */
const scaleIntoFilters = rule('scale-into-filters', FOLDED, [Multiply, Divide], (node, { b, uses }) => {
  const op = is(node, Multiply) ? Multiply : Divide;
  const operands = operandsOf(node);
  if (operands === undefined || (op === Divide && operands.x !== node.inputs[0])) return undefined;
  const { x, constant } = operands;
  if (!isReal(x.type) || uses(x) > 1 || !shapeEquals(x.shape, node.outputs[0]!.shape)) return undefined;
  const direct = scaleFilters(b, op, x, constant);
  if (direct !== undefined) return [direct];
  const sum = is(x.node, Add) ? operandsOf(x.node) : undefined;
  if (sum === undefined || uses(sum.x) > 1) return undefined;
  const product = scaleFilters(b, op, sum.x, constant);
  return product === undefined ? undefined : [b.add(Add, [product, scaled(b, op, sum.constant, constant)])];
});

/** W * (x*c)  ->  (W*c) * x. Zero padding remains zero padding. */
const scaleOfInputs = rule('scale-of-inputs', FOLDED, [Convolution], (node, { b, uses }) => {
  const x = node.inputs[0]!;
  const filters = node.inputs[1]!;
  if (!isConstant(filters)) return undefined;
  const operands = is(x.node, Multiply) && uses(x) === 1 ? operandsOf(x.node) : undefined;
  if (operands === undefined || !shapeEquals(operands.x.shape, x.shape)) return undefined;
  const axis = variesAlong(operands.constant, x.shape.length);
  if (axis !== 1 && axis !== 'all') return undefined;
  const ones = filters.shape.slice(2).map(() => 1);
  const factor = b.add(Reshape, [operands.constant, b.i64(1, axis === 1 ? -1 : 1, ...ones)]);
  return b.rebuild(node, [operands.x, b.add(Multiply, [filters, factor])]);
});

/** x - a  ->  x + (-a) */
const subtractToAdd = rule('subtract-to-add', MERGED, [Subtract], (node, { b }) => {
  const x = node.inputs[0]!;
  const constant = node.inputs[1]!;
  if (!isConstant(constant) || isConstant(x) || !isReal(x.type)) return undefined;
  return [b.add(Add, [x, b.add(Negative, [constant])])];
});

/** (x + a) + c  ->  x + (a + c). Likewise for products. */
const mergeConstants = rule('merge-constants', MERGED, [Add, Multiply], (node, { b, uses }) => {
  const op = is(node, Add) ? Add : Multiply;
  const outer = operandsOf(node);
  if (outer === undefined || !isReal(outer.x.type) || uses(outer.x) > 1) return undefined;
  const inner = is(outer.x.node, op) ? operandsOf(outer.x.node) : undefined;
  if (inner === undefined || !shapeEquals(inner.x.shape, node.outputs[0]!.shape)) return undefined;
  return [b.add(op, [inner.x, b.add(op, [inner.constant, outer.constant])])];
});

export const foldScales = pass(
  'fold-scales',
  'multiplies scales and batch normalization into adjacent filters, and merges successive constants',
  [scaleIntoFilters, scaleOfInputs, subtractToAdd, mergeConstants],
  { repeat: true },
);
