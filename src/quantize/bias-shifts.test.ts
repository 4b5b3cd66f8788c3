import { expect, it } from 'vitest';
import { infer, Net } from '../../test/support/net.ts';
import type { Value } from '../ov/graph.ts';
import { Convolution, ConvolutionBackpropData, GroupConvolution } from '../ov/ops/convolution.ts';
import { MatMul } from '../ov/ops/matrix.ts';
import { sizeOf, tensorOf } from '../tensor/tensor.ts';
import { biasShift, inputAxisOf } from './bias-shifts.ts';
import { filterOf } from './filter.ts';
import { dequantized, quantizeWeights } from './quantize-weights.ts';

const WINDOW = { strides: [1, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };

const FILTERS: Readonly<Record<string, (net: Net) => Value>> = {
  convolution: net => net.b.add(Convolution, [net.input, net.weights(6, 4, 3, 3)], WINDOW),
  depthwise: net => net.b.add(GroupConvolution, [net.input, net.weights(4, 2, 1, 3, 3)], WINDOW),
  grouped: net => net.b.add(GroupConvolution, [net.input, net.weights(2, 3, 2, 1, 1)], WINDOW),
  transposed: net =>
    net.b.add(ConvolutionBackpropData, [net.input, net.weights(4, 5, 2, 2)], { ...WINDOW, strides: [2, 2] }),
  'matrix product': net => net.b.add(MatMul, [net.input, net.weights(16, 5)]),
  'transposed matrix product': net =>
    net.b.add(MatMul, [net.input, net.weights(5, 16)], { transpose_a: true, transpose_b: true }),
};

it.each(Object.entries(FILTERS))('is the change of the averages of a %s', (name, make) => {
  const net = new Net(name.length);
  const { node } = make(net);
  const filter = filterOf(node)!;
  const weights = quantizeWeights(filter);
  // Data that are the same everywhere in a channel, so that averages say all.
  const means = Array.from({ length: Number(node.inputs[0]!.shape[inputAxisOf(node)]) }, (_, i) => Math.sin(i) + 1);
  const shape = net.input.shape as readonly number[];
  const stride = sizeOf(shape.slice(inputAxisOf(node) + 1));
  const x = tensorOf(
    'f32',
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => means[Math.floor(i / stride) % means.length]!),
  );
  const rounded = net.b.rebuild(node, [net.input, dequantized(net.b, weights)])[0]!;
  const [before, after] = [node.outputs[0]!, rounded].map(value => infer(net.graph(value), x));
  const shifts = biasShift(filter, weights, means);
  const { shape: output } = node.outputs[0]!;
  const inner = sizeOf((output as readonly number[]).slice(filter.outputAxis + 1));
  const sums = new Float64Array(shifts.length);
  after!.forEach((y, i) => (sums[Math.floor(i / inner) % shifts.length]! += y - before![i]!));
  shifts.forEach((shift, channel) => {
    expect((sums[channel]! * shifts.length) / after!.length).toBeCloseTo(shift, 5);
  });
});
