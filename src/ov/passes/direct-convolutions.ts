import { type Dim, shapeEquals } from '../../tensor/dim.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Node, type Op, type Value } from '../graph.ts';
import { Add } from '../ops/arithmetic.ts';
import { Convolution, GroupConvolution } from '../ops/convolution.ts';
import { MatMul } from '../ops/matrix.ts';
import { Concat, Transpose } from '../ops/movement.ts';
import { Reshape } from '../ops/shape.ts';
import { Slice, slicesOf } from '../ops/slice.ts';
import { reshape } from '../shorthand.ts';
import { ACTIVATIONS } from './activate-maps.ts';
import { eliminateCommonSubexpressions } from './eliminate-common-subexpressions.ts';
import { type Pass, pass, withCleanUp } from './pass.ts';
import { rule } from './rule.ts';
import { simplify } from './simplify.ts';
import { sinkTransposes } from './sink-transposes.ts';
import { tileRowsOf } from './tile-rows.ts';
import { type Matrix, OF_PRODUCTS, OF_TAPS, onBothAxes, OVERHANG, TAPS } from './winograd-matrices.ts';

/** What `winograd-tiles` makes of Convolution(x, W), in rows, with or without a slice  ->  Transpose(Convolution(x, W)). */
const joinTiles = rule('join-tiles', 'convolutions computed without tiles', [Reshape, Slice], (node, { b }) => {
  const rows = tileRowsOf(node.outputs[0]!);
  if (rows === undefined || (is(node, Slice) && !startsAtZero(node))) return undefined;
  const joined = joinedTiles(b, rows.outputs, node.outputs[0]!.shape.at(-1)!);
  return joined !== undefined && shapeEquals(joined.shape, node.outputs[0]!.shape) ? [joined] : undefined;
});

/** The map of whole tiles with these outputs, without what is in the last ones only; with their biases and activations. */
function joinedTiles(b: Builder, { node: outputs }: Value, count: Dim): Value | undefined {
  if (ACTIVATIONS.includes(outputs.op)) {
    const map = joinedTiles(b, outputs.inputs[0]!, count);
    return map && b.rebuild(outputs, [map])[0];
  }
  if (is(outputs, Add)) {
    const map = joinedTiles(b, outputs.inputs[0]!, count);
    const bias = outputs.inputs[1]!;
    // A row for all tiles is the product of ones and the row.
    const row = constantOf(bias) === undefined ? behind(bias, Reshape)?.node.inputs[1] : bias;
    return map && row && b.add(Add, [map, row]);
  }
  return joinedProducts(b, outputs, count);
}

function joinedProducts(b: Builder, outputs: Node, count: Dim): Value | undefined {
  const products = behind(outputs.inputs[1], Reshape)?.node;
  const ofTaps = behind(products?.inputs[1], Reshape)?.node;
  const vertical = behind(products?.inputs[0], Reshape, Transpose, Concat)?.node;
  const horizontal = behind(vertical?.inputs[0], Concat)?.node;
  if (!isProduct(outputs, OF_PRODUCTS) || !isProduct(ofTaps, OF_TAPS)) return undefined;
  if (vertical === undefined || !is(vertical, GroupConvolution)) return undefined;
  if (horizontal === undefined || !is(horizontal, GroupConvolution)) return undefined;
  const [x] = horizontal.inputs as readonly [Value];
  const channels = x.shape[1];
  if (typeof channels !== 'number' || typeof count !== 'number') return undefined;
  const filters = reshape(b, ofTaps.inputs[1]!, count, channels, TAPS, TAPS);
  const attrs = {
    strides: [1, 1],
    dilations: [1, 1],
    pads_begin: [vertical.attrs.pads_begin[0]!, horizontal.attrs.pads_begin[1]!],
    pads_end: [vertical.attrs.pads_end[0]!, horizontal.attrs.pads_end[1]!].map(after => after - OVERHANG),
  };
  return b.add(Transpose, [b.add(Convolution, [x, filters], attrs), b.i64(0, 2, 3, 1)]);
}

const startsAtZero = (slice: Node): boolean =>
  slicesOf(slice)?.every(part => part !== 'new' && part.begin === 0 && part.step === 1) === true;

/** Follows the first inputs of ops of these types. */
function behind(value: Value | undefined, ...ops: readonly Op[]): Value | undefined {
  return ops.reduce<Value | undefined>((at, op) => (at?.node.op === op ? at.node.inputs[0] : undefined), value);
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
  pass('direct-convolutions', 'undoes `winograd`, for quantization', [joinTiles]),
  [sinkTransposes, simplify, eliminateCommonSubexpressions],
);
