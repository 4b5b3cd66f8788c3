import { rejectConversion } from '../api/compile-detector.ts';
import { readIrInfo } from '../api/ir-info.ts';
import { type ResolvedModel, resolveModel } from '../api/resolve-model.ts';
import { type Ir, withIr } from '../api/with-ir.ts';
import { checkArgument, checkOptions, text } from '../check.ts';
import { DecantError, withinAsync } from '../errors.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import { Core } from '../runtime/core.ts';
import type { Model } from '../runtime/model.ts';
import { BENCHMARK_OPTIONS } from './check-benchmark-options.ts';
import type { BenchmarkOptions } from './benchmark-options.ts';
import type { BenchmarkResult } from './benchmark-result.ts';
import { inputTensors } from './input-tensors.ts';
import { latencyOf } from './latency-of.ts';
import { measure } from './measure.ts';
import { averageProfile } from './op-times.ts';
import { configOf, type Settings, settingsFrom } from './settings.ts';
import { shapesByInput } from './shapes-by-input.ts';

/**
 * Measures the latency and throughput of a model on OpenVINO, as its `benchmark_app` does: inputs are set once, and outputs
 * are not read. A TensorFlow model is converted first. The calling thread waits for the inferences; it handles events ten
 * times per second.
 *
 * @param model path of an IR (`.xml`), or a TensorFlow model: a path, name or URL
 * @throws DecantError those of `convertModel`; `invalid-argument`, `runtime-missing` without OpenVINO, `runtime-failed`,
 * `cancelled`
 *
 * @example
 * ```ts
 * import { benchmarkModel } from 'decant';
 *
 * const { throughput, latency } = await benchmarkModel('model.xml', { performanceHint: 'throughput', seconds: 5 });
 * console.log(`${throughput.toFixed(1)} images per second, median ${latency.median.toFixed(2)} ms`);
 * ```
 */
export async function benchmarkModel(model: string, options: BenchmarkOptions = {}): Promise<BenchmarkResult> {
  checkArgument(model, 'the model', text);
  checkOptions(options, BENCHMARK_OPTIONS);
  return benchmarkResolved(await resolveModel(model), options);
}

export async function benchmarkResolved(model: ResolvedModel, options: BenchmarkOptions): Promise<BenchmarkResult> {
  const settings = settingsFrom(options);
  const { device, inputShapes, convert } = settings;
  const isIr = model.kind === 'ir';
  if (isIr) rejectConversion(model.path, convert);
  const core = options.core ?? new Core();
  try {
    core.checkDevice(device);
    if (isIr) return await withIr(core, model, { device, convert }, ir => run(core, ir, settings));
    const shaped = inputShapes === undefined ? convert : { ...convert, inputShapes };
    const converted = { ...settings, inputShapes: undefined };
    return await withIr(core, model, { device, convert: shaped }, ir => run(core, ir, converted));
  } finally {
    if (core !== options.core) core.close();
  }
}

async function run(core: Core, { xml, converted }: Ir, settings: Settings): Promise<BenchmarkResult> {
  const { device, api, performanceHint, profile } = settings;
  const info = await readIrInfo(xml);
  const start = performance.now();
  using model = await withinAsync(`reading ${xml}`, () => core.readModel(xml));
  const read = performance.now();
  reshape(model, settings.inputShapes);
  const config = await configOf(settings);
  using compiled = await core.compileModel(model, device, config);
  const compiledAt = performance.now();
  const inputs = await inputTensors(compiled, info, settings);
  const requests = Array.from({ length: requestsOf(compiled, settings) }, () => compiled.createInferRequest());
  const warmUp = performance.now();
  for (const request of requests) request.infer(inputs, { outputs: [] });
  const firstInferenceTime = (performance.now() - warmUp) / requests.length;
  const { latencies, duration } = await measure(requests, settings);
  const batch = inputs[0]?.shape.length === 4 ? inputs[0].shape[0]! : 1;
  const profiles = requests.map(request => (profile === true ? request.getProfilingInfo() : []));
  return {
    topology: model.getName(),
    openvino: core.version,
    device: compiled.getProperty('EXECUTION_DEVICES').replaceAll(/[()]/g, ''),
    api,
    performanceHint,
    precision: propertyOf(compiled, 'INFERENCE_PRECISION_HINT'),
    requests: requests.length,
    streams: propertyOf(compiled, 'NUM_STREAMS'),
    threads: propertyOf(compiled, 'INFERENCE_NUM_THREADS'),
    batch,
    inputs: inputs.map(({ type, shape }, i) => ({ name: compiled.input(i).anyName, type, shape })),
    convertTime: converted,
    readTime: read - start,
    compileTime: compiledAt - read,
    firstInferenceTime,
    duration,
    iterations: latencies.length,
    throughput: (1000 * batch * latencies.length) / duration,
    latency: latencyOf(latencies),
    latencies,
    ...(profile === true && { profiles, profile: averageProfile(profiles) }),
  };
}

function reshape(model: Model, inputShapes: BenchmarkOptions['inputShapes']): void {
  const shapes = shapesByInput(model, inputShapes);
  if (shapes.size === 0) return;
  model.reshape(Object.fromEntries([...shapes].map(([index, shape]) => [model.input(index).anyName, shape])));
}

const requestsOf = (compiled: CompiledModel, { api, requests }: Settings): number =>
  api === 'sync' ? 1 : (requests ?? Number(compiled.getProperty('OPTIMAL_NUMBER_OF_INFER_REQUESTS')));

/** Not every device has every property. */
function propertyOf(compiled: CompiledModel, name: string): string | undefined {
  try {
    return compiled.getProperty(name);
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code === 'runtime-failed') return undefined;
    throw thrown;
  }
}
