import { hasFile } from '../../source/has-file.ts';
import type { Source } from '../../source/source.ts';
import type { MetaGraph } from '../proto/saved-model.ts';
import { nodeOf } from '../tensor-name.ts';

/** Vocabularies are small; larger assets belong to ops without a translation. */
const MAX_ASSET_BYTES = 2 ** 22;

export async function readAssets(
  source: Source,
  folder: string,
  { graph, assetFiles }: MetaGraph,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const assets = new Map<string, Uint8Array>();
  if (![...graph.values()].some(({ op }) => op.startsWith('HashTable'))) return assets;
  // Both are needed: a single-file source lists no other files, and TensorFlow 1 may omit asset_file_def.
  const listed = (await source.list()).filter(path => path.startsWith(folder)).map(path => path.slice(folder.length));
  for (const name of new Set([...listed, ...assetFiles.values()])) {
    const path = `${folder}${name}`;
    if (!(await hasFile(source, path)) || (await source.size(path)) > MAX_ASSET_BYTES) continue;
    assets.set(name, await source.read(path));
  }
  for (const [tensor, name] of assetFiles) {
    const bytes = assets.get(name);
    if (bytes !== undefined) assets.set(nodeOf(tensor), bytes);
  }
  return assets;
}
