import { DecantError } from '../errors.ts';
import { type Graph, is, type Node, topological } from '../ov/graph.ts';
import { FakeQuantize } from '../ov/ops/quantization.ts';
import { Convert } from '../ov/ops/type.ts';
import { rewrite } from '../ov/rewrite.ts';
import type { Core } from '../runtime/core.ts';
import { biasShift } from './bias-shifts.ts';
import { collectHistograms } from './collect-histograms.ts';
import { countKernels, type Kernels } from './count-kernels.ts';
import { equalizeChannels, pairsIn } from './equalize-channels.ts';
import { estimateRanges, pointsToCount, type RangeEstimator } from './estimate-ranges.ts';
import type { Filter } from './filter.ts';
import { insertFakeQuantize } from './insert-fake-quantize.ts';
import { KeepLayers } from './keep-layers.ts';
import type { Samples } from './measure.ts';
import { measureNoise } from './measure-noise.ts';
import { observeActivations } from './observe-activations.ts';
import { quantizeWeights } from './quantize-weights.ts';
import type { Preset } from './range.ts';
import { storeTables } from './store-tables.ts';
import { type KeptFilter, type Placement, whereToQuantize } from './where-to-quantize.ts';
import { type Candidate, type DropLimit, type Reasons, withinLimit } from './within-limit.ts';

export interface QuantizeGraphOptions {
  readonly device: string;
  readonly preset: Preset;
  readonly estimator: RangeEstimator;
  readonly correctBiases: boolean;
  /** Layers to keep in f32: parts of names, where `*` stands for any text. */
  readonly keep: readonly string[];
  readonly limit?: DropLimit | undefined;
  /** Whether to measure the noise of layers, which a limit needs anyway. */
  readonly measureNoise?: boolean | undefined;
  /** Whether to run the result on a sample, and count the kernels that the device chose. */
  readonly countKernels?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each image that a step runs on, `passes` times for each image, and after each graph of the last step. */
  readonly onStep?: ((step: QuantizeStep, count: number, passes: number) => void) | undefined;
}

export type QuantizeStep = 'ranges' | 'histograms' | 'noise' | 'accuracy';

/** A layer that computes with 8-bit integers, by its name and the type of its op. */
export interface QuantizedLayer {
  readonly name: string;
  readonly type: string;
  /** Root of the mean square of the change of its output, relative to the output; undefined if it was not measured. */
  readonly noise?: number | undefined;
}

/** A layer that stays f32, and why. */
export interface KeptLayer extends QuantizedLayer {
  readonly reason: string;
}

export interface QuantizedGraph {
  readonly graph: Graph;
  readonly quantized: readonly QuantizedLayer[];
  readonly kept: readonly KeptLayer[];
  /** Undefined unless they are to be counted. */
  readonly kernels: Kernels | undefined;
  /** Drop of the accuracy, if there is a limit. */
  readonly drop: number | undefined;
}

/** Quantizes the filters of an f32 graph to 8 bits. */
export async function quantizeGraph(
  core: Core,
  original: Graph,
  samples: Samples,
  options: QuantizeGraphOptions,
): Promise<QuantizedGraph> {
  const { limit, onStep } = options;
  const stepOptions = (step: QuantizeStep, passes = 1) => ({
    ...options,
    onSample: (count: number) => onStep?.(step, count, passes),
  });
  rejectQuantized(original);
  const plain = decompressed(original);
  const keep = new KeepLayers(options.keep);
  const first = whereToQuantize(plain, node => keep.reasonFor(node));
  keep.checkAllMatched();
  if (first.filters.length === 0) throw nothingToQuantize(first.kept);
  const pairs = pairsIn(plain, first.filters);
  const observed = await observeActivations(
    core,
    plain,
    first.points,
    filtersWithWeights(first),
    pairs,
    samples,
    stepOptions('ranges'),
  );
  const graph = equalizeChannels(plain, first.filters, pairs, observed.factors);
  // The same points and filters in the same order, because only constants differ.
  const wanted = whereToQuantize(graph, node => keep.reasonFor(node));
  const weighted = filtersWithWeights(wanted);
  const extremes = new Map(wanted.points.map((point, i) => [point, observed.extremes[i]!]));
  const counted = pointsToCount(extremes, options.estimator);
  const histograms = await collectHistograms(core, graph, counted, samples, passes =>
    stepOptions('histograms', passes),
  );
  const points = estimateRanges(extremes, histograms, options);
  const ranged = new Map(points.map(point => [point.value, point]));
  const starved = wanted.filters.filter(({ sources }) => !sources.every(source => ranged.has(source)));
  const unreached = new Map(starved.map(({ node }) => [node, 'no image reached it']));
  const filters = wanted.filters.filter(({ node }) => !unreached.has(node));
  const weights = new Map(weighted.map(filter => [filter.node, quantizeWeights(filter)]));
  const corrected = options.correctBiases ? weighted : [];
  const shifts = new Map(
    corrected.map((filter, i) => [filter.node, biasShift(filter, weights.get(filter.node)!, observed.means[i]!)]),
  );
  const noises =
    options.measureNoise === true || limit !== undefined
      ? await measureNoise(core, graph, filters, wanted.weightsOnly, points, weights, samples, stepOptions('noise'))
      : undefined;
  const quantizeExcept = (restored: Reasons): Candidate => {
    const reasonFor = (node: Node): string | undefined =>
      keep.reasonFor(node) ?? unreached.get(node) ?? restored.get(node);
    const placement = whereToQuantize(graph, reasonFor);
    if (placement.filters.length === 0) return { placement, graph: original };
    const own = placement.points.flatMap(({ value }) => ranged.get(value) ?? []);
    return { placement, graph: insertFakeQuantize(graph, { ...placement, points: own, weights, shifts }) };
  };
  const {
    placement,
    graph: found,
    drop,
  } = limit === undefined || noises === undefined
    ? { ...quantizeExcept(new Map()), drop: undefined }
    : await withinLimit(noises, limit, quantizeExcept, tried => onStep?.('accuracy', tried, 1));
  const stored = placement.filters.length === 0 ? found : storeTables(found);
  const layerOf = (node: Node): QuantizedLayer => ({ name: node.name, type: node.op.type, noise: noises?.get(node) });
  return {
    graph: stored,
    drop,
    quantized: placement.filters.map(({ node }) => layerOf(node)),
    kept: placement.kept.map(({ node, reason }) => ({ ...layerOf(node), reason })),
    kernels: options.countKernels === true ? await countKernels(core, stored, samples, options) : undefined,
  };
}

const filtersWithWeights = ({ filters, weightsOnly }: Placement): readonly Filter[] => [...filters, ...weightsOnly];

/** Weights that are stored as f16 become f32. */
const decompressed = (graph: Graph): Graph =>
  rewrite(graph, (node, { b }) => {
    if (!is(node, Convert) || !node.attrs.decompression) return undefined;
    return [b.add(Convert, node.inputs, { destination_type: node.attrs.destination_type })];
  });

function rejectQuantized(graph: Graph): void {
  if (!topological(graph).some(node => is(node, FakeQuantize))) return;
  throw new DecantError('unsupported', 'the model is already quantized', { remedy: 'Quantize the f32 model.' });
}

function nothingToQuantize([first]: readonly KeptFilter[]): DecantError {
  const why =
    first === undefined ? 'the model has no convolutions or matrix products' : `${first.node.name}: ${first.reason}`;
  return new DecantError('unsupported', `no layer can be quantized (${why})`, {
    remedy: 'Use the model as it is, or keep fewer layers.',
  });
}
