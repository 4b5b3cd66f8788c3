import type { Head } from '../detect/heads/head.ts';
import { DecantError, withinAsync } from '../errors.ts';
import { loadSharp } from '../image/load-sharp.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import type { Config } from '../runtime/config.ts';
import type { Core } from '../runtime/core.ts';
import { cacheConfig } from './cache-config.ts';
import type { DetectorOptions } from './detector-options.ts';
import { exactSums } from './exact-sums.ts';
import { type IrInfo, readIrInfo } from './ir-info.ts';
import type { CacheableOptions, ConvertToFile } from './model-cache.ts';
import { unbatched } from './batch-pool.ts';
import { type Network, networkPorts } from './network-ports.ts';
import { keepsPostProcessing } from './keeps-post-processing.ts';
import type { ResolvedModel } from './resolve-model.ts';
import { type Ir, withIr } from './with-ir.ts';

/** A compiled model, and what `headOf` returned for it. */
export interface CompiledNetwork<H> extends Pick<IrInfo, 'labels' | 'firstClassId' | 'notes'> {
  readonly compiled: CompiledModel;
  readonly head: H;
  readonly path: string;
  readonly converted: number | undefined;
}

export type CompiledDetector = CompiledNetwork<Head>;

export type HeadOf<H> = (network: Network, info: IrInfo) => H;

export async function compileDetector(
  core: Core,
  model: ResolvedModel,
  options: DetectorOptions,
): Promise<CompiledDetector> {
  // The heads are loaded with the first model.
  const { headFor } = await import('./network-head.ts');
  return compileNetwork(core, model, options, (network, info) =>
    headFor(unbatched(networkPorts(network)), unbatchedInfo(info), headIn(options)),
  );
}

function unbatchedInfo(info: IrInfo): IrInfo {
  const { preprocess } = info;
  if (preprocess === undefined) return info;
  const { image } = preprocess;
  return { ...info, preprocess: { ...preprocess, image: { ...image, shape: [1, ...image.shape.slice(1)] } } };
}

const headIn = ({ head, convert }: DetectorOptions): DetectorOptions['head'] => head ?? convert?.head;

/**
 * @param headOf what is called before the compilation, to reject models quickly
 * @param convertToFile what converts a model that is not in the cache; by default, this thread
 */
export async function compileNetwork<H>(
  core: Core,
  model: ResolvedModel,
  options: DetectorOptions,
  headOf: HeadOf<H>,
  convertToFile?: ConvertToFile,
): Promise<CompiledNetwork<H>> {
  const head = headIn(options);
  if (head !== undefined) (await import('../detect/heads/check-head.ts')).checkHead(head);
  if (options.device !== undefined) core.checkDevice(options.device);
  const convert = { onlyDetections: true, ...options.convert, ...(head !== undefined && { head }) };
  return withIr(core, model, { ...options, convert, convertToFile }, ir => compileIr(core, ir, options, headOf));
}

async function compileIr<H>(
  core: Core,
  { xml, converted }: Ir,
  { device = 'AUTO', precision = 'f32', performanceHint = 'latency', config = {}, ...options }: DetectorOptions,
  headOf: HeadOf<H>,
): Promise<CompiledNetwork<H>> {
  const cache = await cacheConfig(options.cacheDir);
  const info = await readIrInfo(xml);
  const hint: Config = precision === 'default' ? {} : { INFERENCE_PRECISION_HINT: precision };
  using network = await withinAsync(`reading ${xml}`, () => core.readModel(xml));
  const head = headOf(network, info);
  const target = await exactSums(core, device, info);
  const compiling = core.compileModel(network, target.device, {
    PERFORMANCE_HINT: performanceHint.toUpperCase(),
    ...hint,
    ...cache,
    ...target.config,
    ...config,
  });
  // Meanwhile this thread is idle. What fails here is reported when an image is read.
  void loadSharp().catch(() => undefined);
  const compiled = await compiling;
  const notes = [...info.notes, ...target.notes];
  return { ...info, notes, compiled, head, path: xml, converted, labels: options.labels ?? info.labels };
}

/** An IR is converted already; ignoring the options would be misleading. Its post-processing can be changed. */
export function rejectConversion(path: string, options: CacheableOptions = {}): void {
  const { inputShapes, inputs, outputs, batch, signature, freeze, preprocess, layout, nms } = options;
  const given = [inputShapes, inputs, outputs, batch, signature, freeze, preprocess, layout, nms];
  const { compressToFp16 = true, winograd = true } = options;
  if (given.every(option => option === undefined) && compressToFp16 && winograd) return;
  throw new DecantError('invalid-argument', `${path} is an IR, so its inputs, outputs and weights cannot be changed`, {
    remedy: 'Choose them when converting the TensorFlow model.',
  });
}

/** Refuses changes of an IR that is only read. */
export function rejectChanges(path: string, options: CacheableOptions = {}): void {
  rejectConversion(path, options);
  if (keepsPostProcessing(options)) return;
  throw new DecantError('invalid-argument', `${path} is an IR, whose post-processing cannot be changed here`, {
    remedy: '`decant detect`, `decant eval`, `decant bench` and `decant quantize` can.',
  });
}
