import { join } from 'node:path';
import type { ConvertModelOptions } from './convert-model-options.ts';
import { labelsPath } from './ir-info.ts';
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

/** Converts a model, and writes its IR to `xml`. */
export type ConvertToFile = (model: ResolvedModel, options: CacheableOptions, xml: string) => Promise<void>;

/** @param convert converts it if it is not in the cache; by default, in this thread */
export async function cachedModel(
  model: ResolvedModel,
  options: CacheableOptions = {},
  convert: ConvertToFile = convertHere,
): Promise<CachedModel> {
  const facts = JSON.stringify({ ...options, labels: labelFacts(options.labels) });
  const folder = await cacheFolder('models');
  const beside = model.kind === 'ir' ? await filesBeside(model.path) : [];
  const xml = join(folder, `${await fingerprint(model.path, VERSION, facts, ...beside)}.xml`);
  const release = await useCacheEntry(xml);
  try {
    if (await exists(xml)) return { xml, release };
    const start = performance.now();
    await convert(model, options, xml);
    return { xml, converted: performance.now() - start, release };
  } catch (thrown) {
    release();
    throw thrown;
  }
}

/** Imported only now, because the converter takes longer to load than most models. */
const convertHere: ConvertToFile = async (...given) => (await import('./convert-to-file.ts')).convertToFile(...given);

/** Fingerprints of the weights and class names of an IR. */
async function filesBeside(xml: string): Promise<readonly string[]> {
  const files = [xml.replace(/\.xml$/i, '.bin'), labelsPath(xml)];
  const present = await Promise.all(files.map(exists));
  return Promise.all(files.filter((_, i) => present[i]).map(file => fingerprint(file)));
}

/** A function is known by its names for the first class ids that there are. */
const labelFacts = (labels: CacheableOptions['labels'] = new Map()): readonly unknown[] =>
  typeof labels === 'function' ? [0, 1].map(first => [...labels(first)]) : [...labels];
