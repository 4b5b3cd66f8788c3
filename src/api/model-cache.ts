import { join } from 'node:path';
import type { ConvertModelOptions } from './convert-source.ts';
import type { ResolvedModel } from './resolve-model.ts';
import { cacheFolder } from '../platform/cache-folder.ts';
import { useCacheEntry } from '../platform/cache-use.ts';
import { exists } from '../platform/exists.ts';
import { fingerprint } from '../platform/fingerprint.ts';
import { VERSION } from '../version.ts';

export interface CachedModel {
  readonly xml: string;
  readonly converted?: number;
  /** Allows the removal of the files from the cache. Must be called. */
  readonly release: () => void;
}

/** Options that can be part of a cache key; translators are code. */
export type CacheableOptions = Omit<ConvertModelOptions, 'translators'>;

export async function cachedModel(model: ResolvedModel, options: CacheableOptions = {}): Promise<CachedModel> {
  const facts = JSON.stringify({ ...options, labels: labelFacts(options.labels) });
  const folder = await cacheFolder('models');
  const xml = join(folder, `${await fingerprint(model.path, VERSION, facts)}.xml`);
  const release = await useCacheEntry(xml);
  try {
    if (await exists(xml)) return { xml, release };
    const start = performance.now();
    // Imported only now, because the converter takes longer to load than most models.
    const [{ convertResolvedModel }, { saveModel }] = await Promise.all([
      import('./convert-model.ts'),
      import('./save-model.ts'),
    ]);
    await saveModel(await convertResolvedModel(model, options), xml);
    return { xml, converted: performance.now() - start, release };
  } catch (thrown) {
    release();
    throw thrown;
  }
}

/** A function is known by its names for the first class ids that there are. */
const labelFacts = (labels: CacheableOptions['labels'] = new Map()): readonly unknown[] =>
  typeof labels === 'function' ? [0, 1].map(first => [...labels(first)]) : [...labels];
