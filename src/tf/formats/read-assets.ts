import type { Source } from '../../source/source.ts';
import type { MetaGraph } from '../proto/saved-model.ts';
import { nodeOf } from '../tensor-name.ts';
import { isThere } from '../variables/is-there.ts';

/** Assets that fill tables are lists of words or numbers; larger ones serve what decant does not translate. */
const LARGEST_ASSET = 2 ** 22;

/** The files that fill the tables of a SavedModel, by name, and by the node that stands for it. */
export async function readAssets(
  source: Source,
  folder: string,
  { graph, assetFiles }: MetaGraph,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const assets = new Map<string, Uint8Array>();
  if (![...graph.values()].some(({ op }) => op.startsWith('HashTable'))) return assets;
  // A single file does not list what stands beside it, and TensorFlow 1 does not always say what it needs.
  const listed = (await source.list()).filter(path => path.startsWith(folder)).map(path => path.slice(folder.length));
  for (const name of new Set([...listed, ...assetFiles.values()])) {
    const path = `${folder}${name}`;
    if (!(await isThere(source, path)) || (await source.size(path)) > LARGEST_ASSET) continue;
    assets.set(name, await source.read(path));
  }
  for (const [tensor, name] of assetFiles) {
    const bytes = assets.get(name);
    if (bytes !== undefined) assets.set(nodeOf(tensor), bytes);
  }
  return assets;
}
