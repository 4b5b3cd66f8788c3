import { Builder } from '../ov/builder.ts';
import { constantOf, countUses, type Graph, is, type Node, type Value } from '../ov/graph.ts';
import { Relu } from '../ov/ops/activation.ts';
import { Add } from '../ov/ops/arithmetic.ts';
import { rebuild } from '../ov/rewrite.ts';
import { bytesOf, numbersOf, sizeOf, tensor, type Tensor } from '../tensor/tensor.ts';
import { channelIndex } from './channel-index.ts';
import { dataAxesOf, type Filter, isDepthwise } from './filter.ts';
import { quantizeWeights } from './quantize-weights.ts';

/** Largest ratio of a factor to the average, so that rare channels do not take all precision. */
const MOST_RATIO = 100;

/** Two filters with nothing between them but a bias and `ReLU`, which both scale with the channels. */
export interface Pair {
  readonly first: Filter;
  readonly bias: Node | undefined;
  /** What the second filter reads. */
  readonly between: Value;
  readonly second: Filter;
}

/** Factors of channels for a node: its weights or its bias are divided and multiplied by them. */
interface Scaling {
  divisor?: Float64Array;
  factor?: Float64Array;
}

/** A number for each channel of the values between pairs. */
export type ByChannel = ReadonlyMap<Value, Float64Array>;

/**
 * Scales the channels between pairs of filters, so that all have similar ranges and use most of the 256 levels. What the first
 * filter divides by the factors, the second one multiplies, so the results stay the same.
 */
export function equalizeChannels(
  graph: Graph,
  filters: readonly Filter[],
  pairs: readonly Pair[],
  factors: ByChannel,
): Graph {
  if (pairs.length === 0) return graph;
  const scalings = new Map<Node, Scaling>();
  const scalingOf = (node: Node): Scaling => scalings.get(node) ?? scalings.set(node, {}).get(node)!;
  for (const { first, bias, between, second } of pairs) {
    const own = factors.get(between)!;
    scalingOf(first.node).divisor = own;
    if (bias !== undefined) scalingOf(bias).divisor = own;
    scalingOf(second.node).factor = own;
  }
  return scaled(graph, new Map(filters.map(filter => [filter.node, filter])), scalings);
}

/**
 * Returns the factors with which the channels between pairs get similar ranges.
 *
 * @param sizes the largest absolute number of each channel
 */
export function factorsBetween(pairs: readonly Pair[], sizes: ByChannel): ByChannel {
  // Layers with the same weights, up to the sizes of channels, get the same factors, so that they are still stored once.
  const sharers = sharersOf(pairs);
  const largest = new Map<Uint8Array, Float64Array>();
  pairs.forEach(({ between }, i) => {
    const own = sizes.get(between)!;
    const others = largest.get(sharers[i]!) ?? own;
    largest.set(
      sharers[i]!,
      own.map((size, channel) => Math.max(size, others[channel]!)),
    );
  });
  const factors = new Map<Uint8Array, Float64Array>();
  return new Map(
    pairs.map(({ between, second }, i) => {
      const sharer = sharers[i]!;
      const own = factors.get(sharer) ?? factorsOf(largest.get(sharer)!, inputSizes(second));
      factors.set(sharer, own);
      return [between, own];
    }),
  );
}

/** Returns for each pair the quantized weights of its second filter, which are the same object for equal ones. */
function sharersOf(pairs: readonly Pair[]): readonly Uint8Array[] {
  const known = new Map<number, Uint8Array[]>();
  return pairs.map(({ second }) => {
    const bytes = bytesOf(quantizeWeights(second).integers);
    const candidates = known.get(bytes.length) ?? [];
    const same = candidates.find(other => other.every((byte, i) => byte === bytes[i]));
    if (same === undefined) known.set(bytes.length, [...candidates, bytes]);
    return same ?? bytes;
  });
}

/** Returns the pairs of filters of a graph. */
export function pairsIn(graph: Graph, filters: readonly Filter[]): readonly Pair[] {
  const filterAt = new Map(filters.map(filter => [filter.node, filter]));
  const uses = countUses(graph);
  return filters.flatMap(second => {
    const between = second.node.inputs[0]!;
    // Depthwise layers have a range for each channel anyway.
    if (dataAxesOf(second.node) === undefined || isDepthwise(second.node)) return [];
    let value = between;
    if (is(value.node, Relu) && uses.get(value) === 1) value = value.node.inputs[0]!;
    const isBiased = is(value.node, Add) && uses.get(value) === 1 && isBias(value.node.inputs[1]!, value);
    const bias = isBiased ? value.node : undefined;
    if (bias !== undefined) value = bias.inputs[0]!;
    const first = filterAt.get(value.node);
    return first?.outputAxis === 1 && uses.get(value) === 1 ? [{ first, bias, between, second }] : [];
  });
}

/** Whether a value is a constant with one number for each channel. */
function isBias(value: Value, { shape }: Value): boolean {
  const constant = constantOf(value);
  const sizes =
    constant === undefined ? [] : [...Array<number>(shape.length - constant.shape.length).fill(1), ...constant.shape];
  return sizes.length === shape.length && sizes.every((size, axis) => size === (axis === 1 ? shape[1] : 1));
}

/** The largest weight that each input channel of a filter has. */
function inputSizes({ node, weights }: Filter): Float64Array {
  const axes = dataAxesOf(node)!;
  const channelOf = channelIndex(weights.shape, axes);
  const sizes = new Float64Array(sizeOf(axes.map(axis => weights.shape[axis]!)));
  numbersOf(weights).forEach((number, i) => {
    const channel = channelOf(i);
    sizes[channel] = Math.max(sizes[channel]!, Math.abs(number));
  });
  return sizes;
}

/** Factors with which data and weights get equal shares of the range of a channel; 1 for channels without either. */
function factorsOf(data: Float64Array, weights: Float64Array): Float64Array {
  const raw = data.map((size, channel) => Math.sqrt(size / weights[channel]!));
  const logs = [...raw].filter(factor => factor > 0 && Number.isFinite(factor)).map(Math.log);
  const average = Math.exp(logs.reduce((sum, log) => sum + log, 0) / Math.max(1, logs.length));
  return raw.map(factor => {
    const relative = factor / average;
    return relative > 0 && Number.isFinite(relative) ? Math.min(MOST_RATIO, Math.max(1 / MOST_RATIO, relative)) : 1;
  });
}

function scaled(graph: Graph, filters: ReadonlyMap<Node, Filter>, scalings: ReadonlyMap<Node, Scaling>): Graph {
  const b = new Builder();
  return rebuild(
    graph,
    b,
    body => body,
    (node, rebuilt) => {
      const scaling = scalings.get(node);
      if (scaling === undefined) return rebuilt;
      const [data, , ...others] = rebuilt[0]!.node.inputs;
      const weights = b.constant(scaledWeights(node, filters.get(node), scaling));
      return b.rebuild(rebuilt[0]!.node, [data!, weights, ...others]);
    },
  );
}

function scaledWeights(node: Node, filter: Filter | undefined, { divisor, factor }: Scaling): Tensor {
  const constant = constantOf(node.inputs[1]!)!;
  const { shape } = constant;
  const numbers = Float32Array.from(numbersOf(constant));
  // The elements of a bias are the channels.
  const outputOf = filter === undefined ? (i: number) => i : channelIndex(shape, filter.channelAxes);
  const inputOf = factor === undefined ? undefined : channelIndex(shape, dataAxesOf(node)!);
  for (let i = 0; i < numbers.length; i++) {
    if (divisor !== undefined) numbers[i]! /= divisor[outputOf(i)]!;
    if (inputOf !== undefined) numbers[i]! *= factor![inputOf(i)]!;
  }
  return tensor('f32', shape, numbers);
}
