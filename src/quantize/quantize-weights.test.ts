import { describe, expect, it } from 'vitest';
import { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import {
  Convolution,
  ConvolutionBackpropData,
  GroupConvolution,
  GroupConvolutionBackpropData,
} from '../ov/ops/convolution.ts';
import { MatMul } from '../ov/ops/matrix.ts';
import { random } from '../tensor/random.ts';
import { sizeOf, tensorOf } from '../tensor/tensor.ts';
import { filterOf } from './filter.ts';
import { quantizeWeights } from './quantize-weights.ts';

const b = new Builder();
const next = random(2);

const weights = (shape: readonly number[]): Value =>
  b.constant(
    tensorOf(
      'f32',
      shape,
      Float32Array.from({ length: sizeOf(shape) }, () => next() ** 3 - 0.4),
    ),
  );

const window = { strides: [1, 1], dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };
const map = b.parameter('x', 'f32', [1, 4, 8, 8]);
const rows = b.parameter('rows', 'f32', [2, 4]);

describe('quantizeWeights', () => {
  it.each([
    ['Convolution', b.add(Convolution, [map, weights([3, 4, 3, 3])], window), [3, 1, 1, 1], 1],
    ['GroupConvolution', b.add(GroupConvolution, [map, weights([2, 3, 2, 1, 1])], window), [2, 3, 1, 1, 1], 2],
    ['ConvolutionBackpropData', b.add(ConvolutionBackpropData, [map, weights([4, 3, 2, 2])], window), [1, 3, 1, 1], 0],
    [
      'GroupConvolutionBackpropData',
      b.add(GroupConvolutionBackpropData, [map, weights([2, 2, 3, 2, 2])], window),
      [2, 1, 3, 1, 1],
      1,
    ],
    ['MatMul', b.add(MatMul, [rows, weights([4, 5])], {}), [1, 5], 0],
    ['transposed MatMul', b.add(MatMul, [rows, weights([5, 4])], { transpose_b: true }), [5, 1], 1],
  ])(
    'keeps each weight of %s within half a step of its channel, and pairs within 8 bits',
    (_, { node }, scaleShape, axis) => {
      const filter = filterOf(node)!;
      const { integers, scales } = quantizeWeights(filter);
      expect(scales.shape).toEqual(scaleShape);
      expect(integers.type).toBe('i8');
      const { shape, data } = filter.weights;
      const largest = new Float64Array(scales.data.length);
      const stride = sizeOf(shape.slice(axis + 1));
      data.forEach((number, i) => {
        const channel = channelOf(i, shape, scaleShape);
        const step = Number(scales.data[channel]);
        const partner = (Math.floor(i / stride) % shape[axis]!) % 2 === 0 ? i + stride : i - stride;
        const sum = Number(number) + Number(data[partner]);
        largest[channel] = Math.max(largest[channel]!, Math.abs(Number(number)), Math.abs(sum));
        expect(Math.abs(Number(integers.data[i]) + Number(integers.data[partner]))).toBeLessThanOrEqual(128);
        expect(Math.abs(Number(integers.data[i]) * step - Number(number))).toBeLessThanOrEqual(step * 0.5001);
      });
      largest.forEach((size, channel) => {
        expect(Number(scales.data[channel])).toBeGreaterThanOrEqual(size / 127);
        expect(Number(scales.data[channel])).toBeLessThan((size / 127) * (1 + 2 ** -10));
      });
    },
  );

  it('leaves the last of an odd number of channels alone', () => {
    const threeMaps = b.parameter('three', 'f32', [1, 3, 8, 8]);
    const filters = b.constant(tensorOf('f32', [1, 3, 1, 1], [1, 1, 2]));
    const { integers } = quantizeWeights(filterOf(b.add(Convolution, [threeMaps, filters], window).node)!);
    expect([...integers.data]).toEqual([63, 63, 127]);
  });

  it('keeps channels of zeros', () => {
    const filters = b.constant(tensorOf('f32', [2, 4, 1, 1], [0, 0, 0, 0, 1, -2, 3, -4]));
    const { integers, scales } = quantizeWeights(filterOf(b.add(Convolution, [map, filters], window).node)!);
    expect([...integers.data]).toEqual([0, 0, 0, 0, 32, -63, 95, -127]);
    expect(scales.data[0]).toBe(1);
  });
});

/** The channel of an element, from its index along each axis. */
function channelOf(element: number, shape: readonly number[], scaleShape: readonly number[]): number {
  let rest = element;
  const indices = shape.map((_, axis) => {
    const stride = sizeOf(shape.slice(axis + 1));
    const index = Math.floor(rest / stride);
    rest -= index * stride;
    return index;
  });
  return scaleShape.reduce((channel, size, axis) => (size === 1 ? channel : channel * size + indices[axis]!), 0);
}
