import { DecantError } from '../errors.ts';
import { type Graph, is, type Node } from '../ov/graph.ts';
import { Convert } from '../ov/ops/type.ts';
import { rewrite } from '../ov/rewrite.ts';
import type { Core } from '../runtime/core.ts';
import { measureShifts } from './bias-correction.ts';
import { countKernels, type Kernels } from './count-kernels.ts';
import { estimateRanges, type RangeEstimator } from './estimate-ranges.ts';
import type { Filter } from './filter.ts';
import { insertFakeQuantize } from './insert-fake-quantize.ts';
import { KeepLayers } from './keep-layers.ts';
import type { Samples } from './measure.ts';
import { quantizeWeights } from './quantize-weights.ts';
import type { Preset } from './range.ts';
import { type KeptLayer, type PlacedFilter, whereToQuantize } from './where-to-quantize.ts';

export interface QuantizeGraphOptions {
  readonly device: string;
  readonly preset: Preset;
  readonly estimator: RangeEstimator;
  readonly correctBiases: boolean;
  /** Layers to keep in f32: parts of names, where `*` stands for any text. */
  readonly keep: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Called after each image of a step. */
  readonly onStep?: ((step: QuantizeStep, images: number) => void) | undefined;
}

export type QuantizeStep = 'ranges' | 'biases';

/** A layer that computes with 8-bit integers, by its name and the type of its op. */
export interface QuantizedLayer {
  readonly name: string;
  readonly type: string;
}

export interface QuantizedGraph {
  readonly graph: Graph;
  readonly quantized: readonly QuantizedLayer[];
  readonly kept: readonly KeptLayer[];
  readonly kernels: Kernels;
}

/** Quantizes the filters of an f32 graph to 8 bits. */
export async function quantizeGraph(
  core: Core,
  original: Graph,
  samples: Samples,
  { keep: patterns, onStep, correctBiases, ...options }: QuantizeGraphOptions,
): Promise<QuantizedGraph> {
  const graph = decompressed(original);
  const stepOptions = (step: QuantizeStep) => ({ ...options, onSample: (count: number) => onStep?.(step, count) });
  const keep = new KeepLayers(patterns);
  const { filters: placed, points: wanted, region, kept } = whereToQuantize(graph, node => keep.reasonFor(node));
  keep.checkAllMatched();
  if (placed.length === 0) throw nothingToQuantize(kept);
  const points = await estimateRanges(core, graph, wanted, samples, stepOptions('ranges'));
  const reached = new Set(points.map(({ value }) => value));
  const isReached = ({ sources }: PlacedFilter): boolean => sources.every(source => reached.has(source));
  const filters = placed.filter(isReached);
  const weights = new Map(filters.map(filter => [filter.node, quantizeWeights(filter)]));
  const shifts = correctBiases
    ? await measureShifts(core, graph, filters, points, weights, samples, stepOptions('biases'))
    : new Map<Node, Float32Array>();
  const layerOf = ({ node: { name, op } }: Filter): QuantizedLayer => ({ name, type: op.type });
  const starved = placed.filter(filter => !isReached(filter));
  const result = insertFakeQuantize(graph, { filters, points, region, weights, shifts });
  return {
    graph: result,
    quantized: filters.map(layerOf),
    kept: [...kept, ...starved.map(filter => ({ ...layerOf(filter), reason: 'no image reached it' }))],
    kernels: await countKernels(core, result, samples, options),
  };
}

/** Weights that are stored as f16 become f32. */
const decompressed = (graph: Graph): Graph =>
  rewrite(graph, (node, { b }) => {
    if (!is(node, Convert) || !node.attrs.decompression) return undefined;
    return [b.add(Convert, node.inputs, { destination_type: node.attrs.destination_type })];
  });

function nothingToQuantize([first]: readonly KeptLayer[]): DecantError {
  const why =
    first === undefined ? 'the model has no convolutions or matrix products' : `${first.name}: ${first.reason}`;
  return new DecantError('unsupported', `no layer can be quantized (${why})`, {
    remedy: 'Use the model as it is, or keep fewer layers.',
  });
}
