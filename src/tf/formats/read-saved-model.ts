import { DecantError } from '../../errors.ts';
import { readHead, readText } from '../../source/read-text.ts';
import type { Source } from '../../source/source.ts';
import type { TfModel } from '../model.ts';
import { type MetaGraph, parseSavedModel } from '../proto/saved-model.ts';
import { bindVariables } from '../variables/bind-variables.ts';
import { hasBundle, readTensorBundle } from '../variables/tensor-bundle.ts';
import { readAssets } from './read-assets.ts';
import type { ReadContents } from './reader.ts';
import { HEAD_BYTES, isTextSavedModel } from './saved-model-head.ts';

const SERVE = 'serve';

export const readSavedModel: ReadContents = async (source, path) => {
  const meta = chooseMetaGraph(await metaGraphsOf(source, path));
  const { graph, functions } = meta;
  const signatures = withoutInternal(meta.signatures);
  // Without signatures, graphs of TensorFlow 1 default to their unused outputs. Those of TensorFlow 2 have none.
  if (signatures.size === 0 && meta.hasObjects) {
    throw new DecantError('unsupported', 'the SavedModel has no signature, so its inputs and outputs are unknown', {
      remedy: 'Export it again with `tf.saved_model.save(model, folder, signatures=...)`.',
    });
  }
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const prefix = `${folder}variables/variables`;
  const variables = (await hasBundle(source, prefix))
    ? { variables: bindVariables(meta, await readTensorBundle(source, prefix)) }
    : {};
  return { graph, functions, signatures, ...variables, assets: await readAssets(source, `${folder}assets/`, meta) };
};

async function metaGraphsOf(source: Source, path: string): Promise<readonly MetaGraph[]> {
  if (!isTextSavedModel(await readHead(source, path, HEAD_BYTES))) return parseSavedModel(await source.read(path));
  const { parseTextSavedModel } = await import('../proto/text-saved-model.ts');
  return parseTextSavedModel(await readText(source, path));
}

function chooseMetaGraph(metas: readonly MetaGraph[]): MetaGraph {
  // Graphs for accelerators have additional tags.
  const serving = metas.filter(({ tags }) => tags.includes(SERVE)).toSorted((a, b) => a.tags.length - b.tags.length);
  const chosen = serving[0] ?? (metas.length === 1 ? metas[0] : metas.find(({ tags }) => tags.length === 0));
  if (chosen !== undefined) return chosen;
  if (metas.length === 0) throw new DecantError('not-a-model', 'the SavedModel holds no graph');
  const tags = metas.map(meta => meta.tags.join('+')).join(', ');
  throw new DecantError(
    'unsupported',
    `the SavedModel holds ${metas.length} graphs, none of them tagged ${SERVE}: ${tags}`,
    {
      remedy: `Export it again with the tag ${SERVE}.`,
    },
  );
}

const INTERNAL = '__saved_model_';

const withoutInternal = (signatures: TfModel['signatures']): TfModel['signatures'] =>
  new Map([...signatures].filter(([key]) => !key.startsWith(INTERNAL)));
