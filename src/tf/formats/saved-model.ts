import { DecantError } from '../../errors.ts';
import { readHead } from '../../source/read-text.ts';
import type { Source } from '../../source/source.ts';
import type { TfModel } from '../model.ts';
import { isSavedModel, type MetaGraph, parseSavedModel } from '../proto/saved-model.ts';
import { bindVariables } from '../variables/bind-variables.ts';
import { readTensorBundle } from '../variables/tensor-bundle.ts';
import { modelName } from './model-name.ts';
import { filesThat, type Reader } from './reader.ts';

const HEAD_BYTES = 64;

/** The tag of the graph that is meant for inference. */
const SERVE = 'serve';

/** A SavedModel: a graph with functions and signatures, and beside it the checkpoint with its variables. */
export const savedModel: Reader = {
  name: 'saved-model',
  looksFor: 'a SavedModel (saved_model.pb and variables/)',
  matches: source => filesThat(source, /\.pb$/i, async path => isSavedModel(await readHead(source, path, HEAD_BYTES))),
  async read(source, path) {
    const meta = chooseMetaGraph(parseSavedModel(await source.read(path)));
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const prefix = `${folder}variables/variables`;
    const variables = (await isThere(source, `${prefix}.index`))
      ? bindVariables(meta, await readTensorBundle(source, prefix))
      : new Map<string, never>();
    const { graph, functions, signatures } = meta;
    return {
      name: modelName(source),
      format: savedModel.name,
      graph,
      functions,
      signatures: withoutInitializers(signatures),
      variables,
    };
  },
};

/** The graph with the tag `serve`; without tags the only one there is. */
function chooseMetaGraph(metas: readonly MetaGraph[]): MetaGraph {
  const serving = metas.filter(({ tags }) => tags.includes(SERVE));
  const candidates = serving.length > 0 ? serving : metas;
  // Of several that serve, the others are for accelerators, and say so in more tags.
  const chosen = candidates.toSorted((a, b) => a.tags.length - b.tags.length)[0];
  if (chosen === undefined) throw new DecantError('not-a-model', 'this SavedModel holds no graph');
  return chosen;
}

/** Names that TensorFlow writes among the signatures for its own ends, and that compute nothing. */
const OWN = '__saved_model_';

const withoutInitializers = (signatures: TfModel['signatures']): TfModel['signatures'] =>
  new Map([...signatures].filter(([key]) => !key.startsWith(OWN)));

const isThere = (source: Source, path: string): Promise<boolean> =>
  source.size(path).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof DecantError && thrown.code === 'not-found') return false;
      throw thrown;
    },
  );
