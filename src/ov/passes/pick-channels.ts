import { isStatic, shapeEquals } from '../../tensor/dim.ts';
import { numbersOf, sizeOf, tensor } from '../../tensor/tensor.ts';
import { boundsOf } from '../bounds.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Node, type Value } from '../graph.ts';
import { Add } from '../ops/arithmetic.ts';
import { Convolution } from '../ops/convolution.ts';
import { Gather } from '../ops/gather.ts';
import { MatMul } from '../ops/matrix.ts';
import { Transpose } from '../ops/movement.ts';
import { Reshape } from '../ops/shape.ts';
import type { RewriteContext } from '../rewrite.ts';
import { reshape } from '../shorthand.ts';
import { plainAxis } from './gather-rules.ts';
import { pass } from './pass.ts';
import { MOST_STEPS, rule } from './rule.ts';

/** With fewer channels there is little to save. */
const FEWEST_CHANNELS = 4;

type ConvolutionNode = Node<(typeof Convolution)['attributes']>;

/**
 * Gather(Reshape(Convolution(x, W)), class + [0, C, 2C, ...])  ->  a product of x and W[class]. If only one of C channels of
 * each map is read, the others need not be computed.
 */
const channelOfEach = rule(
  'channel-of-each',
  'computations limited to the channels that are read',
  [Gather],
  (node, context) => {
    const { b, uses } = context;
    const flat = node.inputs[0]!;
    const maps = flat.node.inputs[0];
    if (plainAxis(node) !== 0 || uses(flat) !== 1 || !is(flat.node, Reshape) || maps?.shape.length !== 4)
      return undefined;
    if (!isStatic(maps.shape)) return undefined;
    const [count, channels, height, width] = maps.shape as readonly [number, number, number, number];
    const channel = channelPerMap(node.inputs[1]!, count, channels);
    const isFlat = shapeEquals(flat.shape, [count * channels, height, width]);
    if (!isFlat || channels < FEWEST_CHANNELS || channel === undefined) return undefined;
    const picked = new Picker(context, maps, channel).pick(maps);
    return picked === undefined ? undefined : [reshape(b, picked, count, height, width)];
  },
);

/** What is added to 0, C, 2C, ..., if it is a channel for sure. */
function channelPerMap(indices: Value, count: number, channels: number): Value | undefined {
  const { node } = indices;
  if (!is(node, Add) || !shapeEquals(indices.shape, [count])) return undefined;
  for (const [first, channel] of [node.inputs, [...node.inputs].reverse()]) {
    const constant = constantOf(first!);
    if (constant?.shape.join() !== String(count) || !shapeEquals(channel!.shape, [count])) continue;
    if (!Array.from(numbersOf(constant)).every((number, i) => number === i * channels)) continue;
    const bounds = boundsOf(channel!);
    if (bounds !== undefined && bounds.least >= 0 && bounds.most < channels) return channel;
  }
  return undefined;
}

/** Computes one channel of each map, [N, 1, H, W], instead of all [N, C, H, W]. */
class Picker {
  readonly #b: Builder;
  readonly #uses: RewriteContext['uses'];
  readonly #maps: Value;
  readonly #channel: Value;
  #steps = 0;

  constructor({ b, uses }: RewriteContext, maps: Value, channel: Value) {
    this.#b = b;
    this.#uses = uses;
    this.#maps = maps;
    this.#channel = channel;
  }

  pick(value: Value): Value | undefined {
    const { node } = value;
    if (this.#uses(value) !== 1 || ++this.#steps > MOST_STEPS) return undefined;
    if (is(node, Convolution)) return this.#convolve(node);
    if (node.op.traits?.elementwise !== true || node.op.traits.broadcast === 'first') return undefined;
    const inputs: Value[] = [];
    for (const [i, input] of node.inputs.entries()) {
      const isParameter = i > 0 && node.op.traits.broadcast === undefined;
      const picked = isParameter || sizeOf(input.shape as readonly number[]) === 1 ? input : this.#pickInput(input);
      if (picked === undefined) return undefined;
      inputs.push(picked);
    }
    return this.#b.rebuild(node, inputs)[value.index];
  }

  #pickInput(input: Value): Value | undefined {
    if (shapeEquals(input.shape, this.#maps.shape)) return this.pick(input);
    const channels = this.#maps.shape[1] as number;
    if (!shapeEquals(input.shape, [1, channels, 1, 1])) return undefined;
    return reshape(this.#b, this.#gather(reshape(this.#b, input, channels)), -1, 1, 1, 1);
  }

  #gather(value: Value): Value {
    return this.#b.add(Gather, [value, this.#channel, this.#b.scalar('i64', 0)]);
  }

  /** Applies each tap of the filters to all positions, and adds the taps with a convolution that shifts them. */
  #convolve(node: ConvolutionNode): Value | undefined {
    const b = this.#b;
    const [x, filters] = node.inputs as readonly [Value, Value];
    if (constantOf(filters) === undefined || !isStatic(filters.shape) || !isStatic(x.shape)) return undefined;
    const [count, depth, height, width] = x.shape as readonly [number, number, number, number];
    const [channels, , ...kernel] = filters.shape as readonly [number, number, number, number];
    const taps = sizeOf(kernel);
    const perTap = b.add(Transpose, [reshape(b, filters, channels, depth, taps), b.i64(0, 2, 1)]);
    const applied = b.add(MatMul, [this.#gather(perTap), reshape(b, x, count, depth, height * width)]);
    const shifts = new Float32Array(taps * taps);
    for (let tap = 0; tap < taps; tap++) shifts[tap * taps + tap] = 1;
    const shifting = b.constant(tensor('f32', [1, taps, ...kernel], shifts));
    return b.rebuild(node, [reshape(b, applied, count, taps, height, width), shifting])[0];
  }
}

export const pickChannels = pass(
  'pick-channels',
  'computes only the channel that is read from each map, such as the mask of the detected class',
  [channelOfEach],
);
