import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { Multiply } from '../ov/ops/arithmetic.ts';
import { Convert } from '../ov/ops/type.ts';
import { floatsToHalves, halvesToFloats } from '../tensor/float16.ts';
import { numbersOf, sizeOf, tensor, type Tensor } from '../tensor/tensor.ts';
import { forEachRun } from './channel-index.ts';
import { type Filter, summedAxisOf } from './filter.ts';

/** Largest integer; -128 is not used, so that ranges are symmetric. */
const MOST = 127;

/** Steps that f16 represents exactly: from its least normal number to a half of its largest. */
const [LEAST_STEP, LARGEST_STEP] = [2 ** -14, 2 ** 15];

/** Bits of f16 after the first one. */
const HALF_BITS = 10;

export interface QuantizedWeights {
  readonly integers: Tensor;
  /** One factor per output channel, in a shape that broadcasts to that of the weights. */
  readonly scales: Tensor;
}

/**
 * Quantizes weights to -127..127, with a scale for each output channel. The two weights for the channels 2n and 2n + 1 of the
 * data have a sum within -128..128, too: CPUs without VNNI instructions add their products with 0..255 in 16 bits, and saturate.
 */
export function quantizeWeights(filter: Filter): QuantizedWeights {
  const { weights, channelAxes } = filter;
  const numbers = numbersOf(weights);
  const { shape } = weights;
  const scaleShape = shape.map((size, axis) => (channelAxes.includes(axis) ? size : 1));
  const scales = new Float32Array(sizeOf(scaleShape));
  const partnerOf = partnersIn(filter);
  forEachRun(shape, channelAxes, (channel, start, end) => {
    let most = scales[channel]!;
    for (let i = start; i < end; i++) {
      const partner = partnerOf(i);
      const size = Math.abs(numbers[i]!);
      const sum = partner === undefined ? 0 : Math.abs(numbers[i]! + numbers[partner]!);
      if (size > most || sum > most) most = Math.max(size, sum);
    }
    scales[channel] = most;
  });
  for (let i = 0; i < scales.length; i++) scales[i] = stepFor(scales[i]!);
  const integers = new Int8Array(numbers.length);
  forEachRun(shape, channelAxes, (channel, start, end) => {
    const scale = scales[channel]!;
    for (let i = start; i < end; i++) integers[i] = Math.max(-MOST, Math.min(MOST, Math.round(numbers[i]! / scale)));
  });
  return { integers: tensor('i8', shape, integers), scales: tensor('f32', scaleShape, scales) };
}

/** Returns a function from an element for a channel 2n of the data to the one for the channel 2n + 1, if there is one. */
function partnersIn({ node, weights: { shape } }: Filter): (element: number) => number | undefined {
  const axis = summedAxisOf(node);
  const stride = sizeOf(shape.slice(axis + 1));
  const count = shape[axis]!;
  return element => {
    const channel = Math.floor(element / stride) % count;
    return channel % 2 === 0 && channel + 1 < count ? element + stride : undefined;
  };
}

/** Returns the step for weights of up to `size`: the next number that f16 represents, if there is one. */
function stepFor(size: number): number {
  const step = size / MOST || 1;
  if (step < LEAST_STEP || step > LARGEST_STEP) return step;
  const unit = 2 ** (Math.floor(Math.log2(step)) - HALF_BITS);
  return Math.ceil(step / unit) * unit;
}

/** Adds integers as constants, and the ops that compute the weights from them. */
export const dequantized = (b: Builder, { integers, scales }: QuantizedWeights): Value =>
  b.add(Multiply, [toReal(b, b.constant(integers)), halved(b, scales)]);

/**
 * Adds weights that are only stored as integers. Converted in two steps, OpenVINO computes them when it compiles the model; in one
 * step, it would do so in each inference.
 */
export const unpacked = (b: Builder, { integers, scales }: QuantizedWeights): Value => {
  const wide = b.add(Convert, [b.constant(integers)], { destination_type: 'i32', decompression: true });
  return b.add(Multiply, [toReal(b, wide), halved(b, scales)]);
};

const toReal = (b: Builder, integers: Value): Value =>
  b.add(Convert, [integers], { destination_type: 'f32', decompression: true });

/** Adds numbers as f16 if that is exact. */
function halved(b: Builder, scales: Tensor): Value {
  const halves = floatsToHalves(Float32Array.from(numbersOf(scales)));
  const isExact = halvesToFloats(halves).every((number, i) => number === numbersOf(scales)[i]);
  if (!isExact) return b.constant(scales);
  const stored = b.constant(tensor('f16', scales.shape, halves));
  return b.add(Convert, [stored], { destination_type: 'f32', decompression: true });
}
