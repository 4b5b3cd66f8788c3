import { DecantError } from '../errors.ts';
import type { Builder } from '../ov/builder.ts';
import type { Graph, Value } from '../ov/graph.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import { concat, reshape } from '../ov/shorthand.ts';
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
 * device and leave it as one vector, so memory does not depend on the size or the number of the activations.
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
  const sizes = statistics.map(({ shape }) => (isStatic(shape) ? sizeOf(shape) : NaN));
  const vector = concat(
    b,
    0,
    statistics.map(value => reshape(b, value, -1)),
  );
  const { xml, bin } = writeIr({ ...graph, outputs: new Map([[OUTPUT, vector]]) });
  using model = await core.readModel({ xml, bin: joinBin(bin) });
  using compiled = await core.compileModel(model, device, {
    INFERENCE_PRECISION_HINT: 'f32',
    PERFORMANCE_HINT: 'LATENCY',
  });
  using request = compiled.createInferRequest();
  const used = compiled.inputs.map(port => port.anyName);
  let count = 0;
  for await (const sample of samples(signal)) {
    const inputs = Object.fromEntries(used.map(name => [name, sample[name]!]));
    const { [OUTPUT]: output } = await request.inferAsync(inputs, { signal });
    if (!(output?.data instanceof Float32Array)) throw new DecantError('internal', 'statistics are not f32');
    yield split(output.data, sizes);
    onSample?.(++count);
  }
}

function split(numbers: Float32Array, sizes: readonly number[]): readonly Float32Array[] {
  let offset = 0;
  return sizes.map(size => numbers.subarray(offset, (offset += size)));
}
