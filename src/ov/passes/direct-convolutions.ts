import { isStatic } from '../../tensor/dim.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Node, type Op, type Value } from '../graph.ts';
import { Convolution, GroupConvolution } from '../ops/convolution.ts';
import { MatMul } from '../ops/matrix.ts';
import { Concat, Transpose } from '../ops/movement.ts';
import { Reshape } from '../ops/shape.ts';
import { Slice, slicesOf } from '../ops/slice.ts';
import { orderOf, sameOrder } from '../permutation.ts';
import { reshape } from '../shorthand.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { type Pass, pass, withCleanUp } from './pass.ts';
import { rule } from './rule.ts';
import { simplify } from './simplify.ts';
import { sinkTransposes } from './sink-transposes.ts';
import { type Matrix, OF_PRODUCTS, OF_TAPS, onBothAxes, TAPS } from './winograd-matrices.ts';

type ConvolutionNode = Node<(typeof Convolution)['attributes']>;

/** What `winograd-tiles` makes of Convolution(x, W)  ->  Transpose(Convolution(x, W)). It has all outputs of the last tiles. */
const joinTiles = rule('join-tiles', 'convolutions computed without tiles', [Reshape], (node, { b }) => {
  const { shape } = node.outputs[0]!;
  const rows = node.inputs[0]!.node;
  if (shape.length !== 4 || !hasOrder(rows, 2, 3, 0, 4, 1, 5)) return undefined;
  const outputs = behind(rows.inputs[0], Reshape)?.node;
  const products = behind(outputs?.inputs[1], Reshape)?.node;
  const ofTaps = behind(products?.inputs[1], Reshape)?.node;
  const vertical = behind(products?.inputs[0], Reshape, Transpose, Concat)?.node;
  const horizontal = behind(vertical?.inputs[0], Concat)?.node;
  if (!isProduct(outputs, OF_PRODUCTS) || !isProduct(ofTaps, OF_TAPS)) return undefined;
  if (vertical === undefined || !is(vertical, GroupConvolution)) return undefined;
  if (horizontal === undefined || !is(horizontal, GroupConvolution)) return undefined;
  const [x] = horizontal.inputs as readonly [Value];
  const inner = x.shape.slice(1);
  const all = shape.slice(1);
  if (!isStatic(inner) || !isStatic(all)) return undefined;
  const [channels, ...sizes] = inner as [number, ...number[]];
  const pads = [vertical.attrs.pads_begin[0]!, horizontal.attrs.pads_begin[1]!];
  const after = pads.map((before, axis) => all[axis]! + TAPS - 1 - sizes[axis]! - before);
  const filters = reshape(b, ofTaps.inputs[1]!, all[2]!, channels, TAPS, TAPS);
  return [inRows(b, x, filters, pads, after)];
});

/** Slice(Transpose(Convolution(x, W)), to [h, w])  ->  Transpose(Convolution(x, W)) with less padding. */
const cropPadding = rule('crop-padding', 'outputs of padding left out', [Slice], (node, { b }) => {
  const rows = node.inputs[0]!.node;
  const convolution = rows.inputs[0]?.node;
  if (!hasOrder(rows, 0, 2, 3, 1) || convolution === undefined || !is(convolution, Convolution)) return undefined;
  const left = excess(node, convolution);
  if (left === undefined) return undefined;
  const [x, filters] = convolution.inputs as readonly [Value, Value];
  const { pads_begin, pads_end } = convolution.attrs;
  return [
    inRows(
      b,
      x,
      filters,
      pads_begin,
      pads_end.map((pad, axis) => pad - left[axis]!),
    ),
  ];
});

/** Outputs at the end of both axes of a convolution that a slice leaves out, if its padding is what they are for. */
function excess(slice: Node, { attrs, outputs }: ConvolutionNode): readonly number[] | undefined {
  const { strides, dilations, auto_pad, pads_end } = attrs;
  if (auto_pad !== 'explicit' || ![...strides, ...dilations].every(step => step === 1)) return undefined;
  const kept = slice.outputs[0]!.shape.slice(1, 3);
  const sizes = outputs[0]!.shape.slice(2);
  if (!isStatic([...kept, ...sizes])) return undefined;
  const starts = slicesOf(slice)?.every(part => part !== 'new' && part.begin === 0 && part.step === 1) === true;
  const left = sizes.map((size, axis) => (size as number) - (kept[axis] as number));
  return starts && left.every((count, axis) => count <= pads_end[axis]!) ? left : undefined;
}

/** A convolution in the order N, H, W, C. */
function inRows(b: Builder, x: Value, filters: Value, before: readonly number[], after: readonly number[]): Value {
  const attrs = { strides: [1, 1], dilations: [1, 1], pads_begin: before, pads_end: after };
  return b.add(Transpose, [b.add(Convolution, [x, filters], attrs), b.i64(0, 2, 3, 1)]);
}

/** Follows the first inputs of ops of these types. */
function behind(value: Value | undefined, ...ops: readonly Op[]): Value | undefined {
  return ops.reduce<Value | undefined>((at, op) => (at?.node.op === op ? at.node.inputs[0] : undefined), value);
}

function hasOrder(node: Node, ...axes: readonly number[]): boolean {
  const order = orderOf(node);
  return order !== undefined && sameOrder(order, axes);
}

/** Whether it multiplies by this matrix, for both axes. */
function isProduct(node: Node | undefined, ofAxis: Matrix): node is Node {
  const constant = node !== undefined && is(node, MatMul) ? constantOf(node.inputs[0]!) : undefined;
  if (constant === undefined) return false;
  const expected = onBothAxes(ofAxis).flat();
  const actual = numbersOf(constant);
  return actual.length === expected.length && expected.every((value, i) => Math.fround(value) === actual[i]);
}

export const directConvolutions: Pass = withCleanUp(
  pass('direct-convolutions', 'undoes `winograd`, for quantization', [joinTiles, cropPadding]),
  [sinkTransposes, simplify, eliminateCommonSubexpressions],
);
