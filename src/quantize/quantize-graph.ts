import { DecantError } from '../errors.ts';
import { type Graph, is, type Node, topological } from '../ov/graph.ts';
import { FakeQuantize } from '../ov/ops/quantization.ts';
import { Convert } from '../ov/ops/type.ts';
import { rewrite } from '../ov/rewrite.ts';
import type { Core } from '../runtime/core.ts';
import { countKernels, type Kernels } from './count-kernels.ts';
import { equalizeChannels } from './equalize-channels.ts';
import { estimateRanges, type RangeEstimator } from './estimate-ranges.ts';
import { insertFakeQuantize } from './insert-fake-quantize.ts';
import { KeepLayers } from './keep-layers.ts';
import type { Samples } from './measure.ts';
import { type Effects, measureEffects } from './measure-effects.ts';
import { quantizeWeights } from './quantize-weights.ts';
import type { Preset } from './range.ts';
import { searchDrop } from './search-drop.ts';
import { type KeptLayer, type Placement, whereToQuantize } from './where-to-quantize.ts';

export interface QuantizeGraphOptions {
  readonly device: string;
  readonly preset: Preset;
  readonly estimator: RangeEstimator;
  readonly correctBiases: boolean;
  /** Layers to keep in f32: parts of names, where `*` stands for any text. */
  readonly keep: readonly string[];
  /** A bound for the drop of accuracy, and what measures it. */
  readonly limit?: { readonly largest: number; readonly dropOf: (graph: Graph) => Promise<number> } | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each image of the first two steps, and after each graph of the last one. */
  readonly onStep?: ((step: QuantizeStep, count: number) => void) | undefined;
}

export type QuantizeStep = 'channels' | 'ranges' | 'biases' | 'accuracy';

/** A layer that computes with 8-bit integers, by its name and the type of its op. */
export interface QuantizedLayer {
  readonly name: string;
  readonly type: string;
  /** Root of the mean square of the change of its output, relative to the output; undefined if it was not measured. */
  readonly noise?: number | undefined;
}

export interface QuantizedGraph {
  readonly graph: Graph;
  readonly quantized: readonly QuantizedLayer[];
  readonly kept: readonly KeptLayer[];
  readonly kernels: Kernels;
  /** Drop of the accuracy, if there is a limit. */
  readonly drop: number | undefined;
}

type Reasons = ReadonlyMap<Node, string>;

/** Quantizes the filters of an f32 graph to 8 bits. */
export async function quantizeGraph(
  core: Core,
  original: Graph,
  samples: Samples,
  options: QuantizeGraphOptions,
): Promise<QuantizedGraph> {
  const { correctBiases, limit, onStep } = options;
  const stepOptions = (step: QuantizeStep) => ({ ...options, onSample: (count: number) => onStep?.(step, count) });
  rejectQuantized(original);
  const plain = decompressed(original);
  const keep = new KeepLayers(options.keep);
  const first = whereToQuantize(plain, node => keep.reasonFor(node));
  keep.checkAllMatched();
  if (first.filters.length === 0) throw nothingToQuantize(first.kept);
  const graph = await equalizeChannels(core, plain, first.filters, samples, stepOptions('channels'));
  const wanted = whereToQuantize(graph, node => keep.reasonFor(node));
  const points = await estimateRanges(core, graph, wanted.points, samples, stepOptions('ranges'));
  const ranged = new Map(points.map(point => [point.value, point]));
  const starved = wanted.filters.filter(({ sources }) => !sources.every(source => ranged.has(source)));
  const unreached = new Map(starved.map(({ node }) => [node, 'no image reached it']));
  const filters = wanted.filters.filter(({ node }) => !unreached.has(node));
  const weights = new Map([...filters, ...wanted.weightsOnly].map(filter => [filter.node, quantizeWeights(filter)]));
  const effects =
    correctBiases || limit !== undefined
      ? await measureEffects(core, graph, filters, points, weights, samples, stepOptions('biases'))
      : undefined;
  const quantizeExcept = (restored: Reasons): Candidate => {
    const reasonFor = (node: Node): string | undefined =>
      keep.reasonFor(node) ?? unreached.get(node) ?? restored.get(node);
    const placement = whereToQuantize(graph, reasonFor);
    const own = placement.points.flatMap(({ value }) => ranged.get(value) ?? []);
    const quantization = { ...placement, points: own, weights, effects: correctBiases ? effects : undefined };
    return { placement, graph: insertFakeQuantize(graph, quantization) };
  };
  const { placement, drop, ...result } =
    limit === undefined
      ? { ...quantizeExcept(new Map()), drop: undefined }
      : await withinLimit(effects!, limit, quantizeExcept, tried => onStep?.('accuracy', tried));
  return {
    ...result,
    drop,
    quantized: placement.filters.map(({ node }) => ({
      name: node.name,
      type: node.op.type,
      noise: effects?.get(node)?.noise,
    })),
    kept: placement.kept,
    kernels: await countKernels(core, result.graph, samples, options),
  };
}

interface Candidate {
  readonly placement: Placement;
  readonly graph: Graph;
}

/** Restores the filters with the most noise until the drop of accuracy is within the limit. */
async function withinLimit(
  effects: Effects,
  { largest, dropOf }: NonNullable<QuantizeGraphOptions['limit']>,
  quantizeExcept: (restored: Reasons) => Candidate,
  onTry: (count: number) => void,
): Promise<Candidate & { readonly drop: number }> {
  const noisiest = [...effects].toSorted(([, a], [, b]) => b.noise - a.noise);
  const without = (count: number): Candidate =>
    quantizeExcept(
      new Map(
        noisiest.slice(0, count).map(([node, { noise }]) => [node, `accuracy: its noise is ${noise.toFixed(3)}`]),
      ),
    );
  let tried = 0;
  const found = await searchDrop(noisiest.length - 1, largest, async restored => {
    const drop = await dropOf(without(restored).graph);
    onTry(++tried);
    return drop;
  });
  if (found === undefined) {
    throw new DecantError('unsupported', `no part of the model can be quantized with a drop of at most ${largest}`, {
      remedy: 'Allow a larger drop, or give more images.',
    });
  }
  return { ...without(found.restored), drop: found.drop };
}

/** Weights that are stored as f16 become f32. */
const decompressed = (graph: Graph): Graph =>
  rewrite(graph, (node, { b }) => {
    if (!is(node, Convert) || !node.attrs.decompression) return undefined;
    return [b.add(Convert, node.inputs, { destination_type: node.attrs.destination_type })];
  });

function rejectQuantized(graph: Graph): void {
  if (!topological(graph).some(node => is(node, FakeQuantize))) return;
  throw new DecantError('unsupported', 'the model is quantized already', { remedy: 'Quantize the f32 model.' });
}

function nothingToQuantize([first]: readonly KeptLayer[]): DecantError {
  const why =
    first === undefined ? 'the model has no convolutions or matrix products' : `${first.name}: ${first.reason}`;
  return new DecantError('unsupported', `no layer can be quantized (${why})`, {
    remedy: 'Use the model as it is, or keep fewer layers.',
  });
}
