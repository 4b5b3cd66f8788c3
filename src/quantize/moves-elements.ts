import { constantOf, is, type Node, type Value } from '../ov/graph.ts';
import { Clamp, Relu, Sigmoid } from '../ov/ops/activation.ts';
import { Interpolate } from '../ov/ops/image.ts';
import {
  BatchToSpace,
  Concat,
  DepthToSpace,
  Pad,
  SpaceToBatch,
  SpaceToDepth,
  Split,
  Tile,
  Transpose,
  VariadicSplit,
} from '../ov/ops/movement.ts';
import { MaxPool } from '../ov/ops/pooling.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ov/ops/shape.ts';
import { Slice, StridedSlice } from '../ov/ops/slice.ts';
import { numbersOf } from '../tensor/tensor.ts';

const MOVES = [
  Reshape,
  Squeeze,
  Unsqueeze,
  Transpose,
  Concat,
  Split,
  VariadicSplit,
  Slice,
  StridedSlice,
  Tile,
  MaxPool,
  SpaceToDepth,
  DepthToSpace,
  BatchToSpace,
  SpaceToBatch,
];

/** Whether each element that an op returns is one of its data or 0, so that quantizing before it is quantizing after it. */
export function movesElements(node: Node): boolean {
  if (is(node, Interpolate)) return node.attrs.mode === 'nearest';
  if (is(node, Pad)) {
    const filling = node.inputs[3] && constantOf(node.inputs[3]);
    if (node.attrs.pad_mode !== 'constant') return true;
    // OpenVINO does not add zeros to integers that have a zero point.
    return (filling === undefined || numbersOf(filling)[0] === 0) && isNonNegative(node.inputs[0]!);
  }
  return MOVES.some(op => is(node, op as typeof Reshape));
}

function isNonNegative({ node }: Value): boolean {
  if (is(node, Clamp)) return node.attrs.min >= 0;
  if (is(node, Relu) || is(node, Sigmoid)) return true;
  return movesElements(node) && !is(node, Concat) && isNonNegative(node.inputs[0]!);
}
