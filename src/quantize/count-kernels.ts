import type { Graph } from '../ov/graph.ts';
import { writeIr } from '../ov/ir/write-ir.ts';
import type { Core } from '../runtime/core.ts';
import type { MeasureOptions, Samples } from './measure.ts';

/** Executed layers with weights, and how many of them compute with 8-bit integers. */
export interface Kernels {
  readonly int8: number;
  readonly all: number;
}

/** Matrix products have variants, such as `FullyConnectedQuantizedLegacy`. */
const FILTERS = /^(?:Convolution|GroupConvolution|Deconvolution|MatMul|FullyConnected)/;

/** Runs a graph on the first sample and counts which kernels the device chose. */
export async function countKernels(
  core: Core,
  graph: Graph,
  samples: Samples,
  { device, signal }: MeasureOptions,
): Promise<Kernels> {
  using model = await core.readModel(writeIr(graph));
  using compiled = await core.compileModel(model, device, {
    INFERENCE_PRECISION_HINT: 'f32',
    PERFORMANCE_HINT: 'LATENCY',
    PERF_COUNT: true,
  });
  using request = compiled.createInferRequest();
  for await (const sample of samples(signal)) {
    await request.inferAsync(sample, { outputs: [], signal });
    break;
  }
  // Layers that take less than a microsecond count as not run.
  const executed = request
    .getProfilingInfo()
    .filter(({ status, nodeType }) => status !== 'optimized-out' && FILTERS.test(nodeType));
  return { int8: executed.filter(({ execType }) => /[iu]8/i.test(execType)).length, all: executed.length };
}
