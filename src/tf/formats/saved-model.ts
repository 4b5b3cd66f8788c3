import { DecantError } from '../../errors.ts';
import { readHead, readText } from '../../source/read-text.ts';
import type { TfModel } from '../model.ts';
import {
  isSavedModel,
  isTextSavedModel,
  type MetaGraph,
  parseSavedModel,
  parseTextSavedModel,
} from '../proto/saved-model.ts';
import { bindVariables } from '../variables/bind-variables.ts';
import { hasBundle, readTensorBundle } from '../variables/tensor-bundle.ts';
import { modelName } from './model-name.ts';
import { readAssets } from './read-assets.ts';
import { matchingFiles, type Reader } from './reader.ts';

const HEAD_BYTES = 1024;

const SERVE = 'serve';

export const savedModel: Reader = {
  name: 'saved-model',
  looksFor: 'a SavedModel (saved_model.pb or .pbtxt, and variables/)',
  async matches(source) {
    const test = (is: (head: Uint8Array) => boolean) => async (path: string) =>
      is(await readHead(source, path, HEAD_BYTES));
    const binary = await matchingFiles(source, /\.pb$/i, test(isSavedModel));
    // TensorFlow, too, reads the text only without the binary file.
    return binary.length > 0 ? binary : matchingFiles(source, /\.pbtxt$/i, test(isTextSavedModel));
  },
  async read(source, path) {
    const metas = isTextSavedModel(await readHead(source, path, HEAD_BYTES))
      ? parseTextSavedModel(await readText(source, path))
      : parseSavedModel(await source.read(path));
    const meta = chooseMetaGraph(metas);
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
    const assets = await readAssets(source, `${folder}assets/`, meta);
    return { name: modelName(source), format: savedModel.name, graph, functions, signatures, ...variables, assets };
  },
};

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
