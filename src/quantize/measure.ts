import { DecantError } from '../errors.ts';
import type { Builder } from '../ov/builder.ts';
import { type Graph, type Node, topological, type Value } from '../ov/graph.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import { concat, reshape } from '../ov/shorthand.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import type { Core } from '../runtime/core.ts';
import { isStatic } from '../tensor/dim.ts';
import { sizeOf, type Tensor } from '../tensor/tensor.ts';

/** The inputs of a model for one image, by name. */
export type Sample = Readonly<Record<string, Tensor>>;

/** Calibration data, which is read once for each statistic. */
export type Samples = (signal?: AbortSignal) => AsyncIterable<Sample>;

export interface MeasureOptions {
  readonly device: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after each sample. */
  readonly onSample?: ((count: number) => void) | undefined;
}

const OUTPUT = 'statistics';

/**
 * Computes statistics of a graph for each sample: small values that depend on its activations. They are computed on the
 * device, in the order of the graph so that each activation is freed early, and leave it as one vector. So memory does not depend
 * on the number of the activations.
 *
 * @param b has made the values
 * @throws DecantError `cancelled`, those of the samples and of the runtime
 */
export async function* measure(
  core: Core,
  graph: Graph,
  statistics: readonly Value[],
  b: Builder,
  samples: Samples,
  { device, signal, onSample }: MeasureOptions,
): AsyncGenerator<readonly Float32Array[], void, undefined> {
  const places = placesIn(graph, statistics);
  const order = [...statistics.keys()].toSorted((i, j) => places[i]! - places[j]!);
  const vector = concat(
    b,
    0,
    order.map(i => reshape(b, statistics[i]!, -1)),
  );
  using compiled = await compile(core, { ...graph, outputs: new Map([[OUTPUT, vector]]) }, device);
  using request = compiled.createInferRequest();
  const used = compiled.inputs.map(port => port.anyName);
  let count = 0;
  for await (const sample of samples(signal)) {
    const inputs = Object.fromEntries(used.map(name => [name, sample[name]!]));
    const { [OUTPUT]: output } = await request.inferAsync(inputs, { signal });
    if (!(output?.data instanceof Float32Array)) throw new DecantError('internal', 'statistics are not f32');
    yield split(output.data, statistics, order);
    onSample?.(++count);
  }
}

/** The model that is compiled is closed, because it holds all weights. */
async function compile(core: Core, graph: Graph, device: string): Promise<CompiledModel> {
  using model = await core.readModel(writeIr(graph));
  return await core.compileModel(model, device, { INFERENCE_PRECISION_HINT: 'f32', PERFORMANCE_HINT: 'LATENCY' });
}

/** Returns how far into the graph each of some values made from its nodes is. */
function placesIn(graph: Graph, values: readonly Value[]): readonly number[] {
  const places = new Map(topological(graph).map((node, i) => [node, i]));
  const placeOf = (node: Node): number => {
    const place = places.get(node) ?? Math.max(0, ...node.inputs.map(input => placeOf(input.node)));
    places.set(node, place);
    return place;
  };
  return values.map(({ node }) => placeOf(node));
}

/** Splits the vector into the statistics, which are there in another order. */
function split(numbers: Float32Array, statistics: readonly Value[], order: readonly number[]): readonly Float32Array[] {
  const parts: Float32Array[] = [];
  let offset = 0;
  for (const i of order) {
    const { shape } = statistics[i]!;
    const size = isStatic(shape) ? sizeOf(shape) : NaN;
    parts[i] = numbers.subarray(offset, (offset += size));
  }
  return parts;
}
