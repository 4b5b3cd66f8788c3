import { is, type Node } from '../ov/graph.ts';
import { ConvolutionBackpropData, GroupConvolutionBackpropData } from '../ov/ops/convolution.ts';
import { MatMul } from '../ov/ops/matrix.ts';
import { numbersOf, sizeOf } from '../tensor/tensor.ts';
import { channelIndex } from './channel-index.ts';
import { dataAxesOf, type Filter } from './filter.ts';
import type { QuantizedWeights } from './quantize-weights.ts';

/**
 * Returns by how much the rounding of weights moves the average of each output channel of a filter: the errors of the weights
 * times the averages of what they are multiplied by. Zeros beyond the edges are ignored.
 *
 * @param means averages of the input channels
 */
export function biasShift(
  filter: Filter,
  { integers, scales }: QuantizedWeights,
  means: ArrayLike<number>,
): Float32Array {
  const { node, weights, channelAxes } = filter;
  const { shape } = weights;
  const outputOf = channelIndex(shape, channelAxes);
  const inputOf = channelIndex(shape, inputAxesOf(node));
  const [real, steps, sizes] = [numbersOf(weights), numbersOf(integers), numbersOf(scales)];
  const shifts = new Float64Array(sizeOf(channelAxes.map(axis => shape[axis]!)));
  for (let i = 0; i < real.length; i++) {
    const channel = outputOf(i);
    shifts[channel]! += (steps[i]! * sizes[channel]! - real[i]!) * means[inputOf(i)]!;
  }
  const share = weightsPerPixel(node);
  return Float32Array.from(shifts, shift => shift * share);
}

/** Axes of the weights that the channels of the data go with. */
const inputAxesOf = (node: Node): readonly number[] =>
  dataAxesOf(node) ?? [is(node, MatMul) && node.attrs.transpose_b ? 1 : 0];

/** Share of the weights that each output pixel gets: a transposed convolution spreads them. */
function weightsPerPixel(node: Node): number {
  if (!is(node, ConvolutionBackpropData) && !is(node, GroupConvolutionBackpropData)) return 1;
  return 1 / sizeOf(node.attrs.strides);
}

/** Axis of a filter's data along which the channels are. */
export function inputAxisOf(node: Node): number {
  if (!is(node, MatMul)) return 1;
  return node.inputs[0]!.shape.length - (node.attrs.transpose_a && node.inputs[0]!.shape.length > 1 ? 2 : 1);
}
