import type { Core } from '../runtime/core.ts';
import type { Labels } from '../labels/labels.ts';
import { type CacheableOptions, cachedModel, type ConvertToFile } from './model-cache.ts';
import { keepsPostProcessing } from './keeps-post-processing.ts';
import type { ResolvedModel } from './resolve-model.ts';
import { suitsWinograd } from './suits-winograd.ts';

export interface Ir {
  readonly xml: string;
  /** Duration of the conversion in milliseconds; undefined for an IR or a cached model. */
  readonly converted?: number;
}

interface IrOptions {
  readonly device?: string | undefined;
  readonly convert?: CacheableOptions | undefined;
  /** Class names, by which classes to keep can be named. */
  readonly labels?: Labels | undefined;
  /** What converts a model that is not in the cache; by default, this thread. */
  readonly convertToFile?: ConvertToFile | undefined;
}

/**
 * Calls `use` with the IR of a model. A TensorFlow model is converted, and stays in the cache until `use` has finished; so does
 * an IR whose post-processing is changed.
 */
export async function withIr<T>(
  core: Core,
  model: ResolvedModel,
  { device = 'AUTO', convert = {}, labels, convertToFile }: IrOptions,
  use: (ir: Ir) => Promise<T>,
): Promise<T> {
  if (model.kind === 'ir') {
    // Imported only now: it loads all ops.
    const { checkIr } = await import('./check-ir.ts');
    await checkIr(model.path, core.library, device);
    if (keepsPostProcessing(convert)) return use({ xml: model.path });
  }
  const named = convert.keepClasses === undefined ? {} : { labels };
  const suited = { dynamicBatch: 1, winograd: suitsWinograd(core, device) };
  const cached = await cachedModel(model, { ...suited, ...named, ...convert }, convertToFile);
  const { xml, converted } = cached;
  try {
    return await use(model.kind === 'ir' ? { xml } : { xml, ...(converted !== undefined && { converted }) });
  } finally {
    cached.release();
  }
}
