import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { Multiply } from '../ov/ops/arithmetic.ts';
import { Convert } from '../ov/ops/type.ts';
import { numbersOf, sizeOf, tensor, type Tensor } from '../tensor/tensor.ts';
import { channelIndex } from './channel-index.ts';
import type { Filter } from './filter.ts';

/** Largest integer; -128 is not used, so that ranges are symmetric. */
const MOST = 127;

export interface QuantizedWeights {
  readonly integers: Tensor;
  /** One factor per output channel, in a shape that broadcasts to that of the weights. */
  readonly scales: Tensor;
}

/** Quantizes weights to -127..127, with a scale for each output channel. */
export function quantizeWeights({ weights, channelAxes }: Filter): QuantizedWeights {
  const numbers = numbersOf(weights);
  const { shape } = weights;
  const channelOf = channelIndex(shape, channelAxes);
  const scaleShape = shape.map((size, axis) => (channelAxes.includes(axis) ? size : 1));
  const scales = new Float32Array(sizeOf(scaleShape));
  for (let i = 0; i < numbers.length; i++) {
    const channel = channelOf(i);
    const size = Math.abs(numbers[i]!);
    if (size > scales[channel]!) scales[channel] = size;
  }
  for (let i = 0; i < scales.length; i++) scales[i] = scales[i]! / MOST || 1;
  const integers = new Int8Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    integers[i] = Math.max(-MOST, Math.min(MOST, Math.round(numbers[i]! / scales[channelOf(i)]!)));
  }
  return { integers: tensor('i8', shape, integers), scales: tensor('f32', scaleShape, scales) };
}

/** Adds integers as constants, and the ops that compute the weights from them. */
export const dequantized = (b: Builder, { integers, scales }: QuantizedWeights): Value =>
  b.add(Multiply, [
    b.add(Convert, [b.constant(integers)], { destination_type: 'f32', decompression: true }),
    b.constant(scales),
  ]);
