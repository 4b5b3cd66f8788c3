import { constantOf, is, type Node } from '../ov/graph.ts';
import {
  Convolution,
  ConvolutionBackpropData,
  GroupConvolution,
  GroupConvolutionBackpropData,
} from '../ov/ops/convolution.ts';
import { MatMul } from '../ov/ops/matrix.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A layer that applies constant weights to data, its first input. */
export interface Filter {
  readonly node: Node;
  readonly weights: Tensor;
  /** Axes of the weights along which each element belongs to other output channels. */
  readonly channelAxes: readonly number[];
  /** Axis of the channels in the output. */
  readonly outputAxis: number;
}

/** Returns the filter that a node is, if its data and its weights are f32 and the weights are constant. */
export function filterOf(node: Node): Filter | undefined {
  const channelAxes = channelAxesOf(node);
  const [data, filters] = node.inputs;
  const weights = filters && constantOf(filters);
  if (channelAxes === undefined || data?.type !== 'f32' || weights?.type !== 'f32') return undefined;
  const { length } = node.outputs[0]!.shape;
  return { node, weights, channelAxes, outputAxis: is(node, MatMul) ? length - 1 : 1 };
}

function channelAxesOf(node: Node): readonly number[] | undefined {
  if (is(node, Convolution)) return [0];
  if (is(node, GroupConvolution)) return [0, 1];
  if (is(node, ConvolutionBackpropData)) return [1];
  if (is(node, GroupConvolutionBackpropData)) return [0, 2];
  if (!is(node, MatMul) || node.inputs[1]!.shape.length !== 2) return undefined;
  return [node.attrs.transpose_b ? 0 : 1];
}

/** Returns the axes of a filter's weights that the channels of its data, along axis 1, go with; undefined for matrices. */
export function dataAxesOf(node: Node): readonly number[] | undefined {
  if (is(node, Convolution)) return [1];
  if (is(node, GroupConvolution)) return [0, 2];
  if (is(node, ConvolutionBackpropData)) return [0];
  return is(node, GroupConvolutionBackpropData) ? [0, 1] : undefined;
}

/** Returns the axis of a filter's weights along which products with channels of the data are summed. */
export function summedAxisOf(node: Node): number {
  const axis = dataAxesOf(node)?.at(-1);
  if (axis !== undefined) return axis;
  return is(node, MatMul) && node.attrs.transpose_b ? 1 : 0;
}

/** Whether each output channel of a filter reads a single input channel. */
export const isDepthwise = (node: Node): boolean => is(node, GroupConvolution) && node.inputs[1]!.shape[2] === 1;
