import { DecantError } from '../../errors.ts';
import { hasFile } from '../../source/has-file.ts';
import { bytesAsText, readHead } from '../../source/read-text.ts';
import type { Source } from '../../source/source.ts';
import type { TfTensor } from '../model.ts';
import { type MetaGraph, parseMetaGraph } from '../proto/saved-model.ts';
import { VARIABLES } from '../variable-ops.ts';
import { bindVariables } from '../variables/bind-variables.ts';
import { hasBundle, readTensorBundle } from '../variables/tensor-bundle.ts';
import { modelName } from './model-name.ts';
import { matchingFiles, type Reader } from './reader.ts';

const HEAD_BYTES = 64;
/** Required of a single file too, as other messages have the same first bytes. */
const ENDING = /\.meta$/i;

/** A MetaGraphDef starts with a MetaInfoDef, whose fields are strings and messages. */
const STARTS_LIKE_META_GRAPH = /^\x0a[\x80-\xff]*[\0-\x7f][\x0a\x12\x1a\x22\x2a\x32]/;

export const metaGraph: Reader = {
  name: 'meta-graph',
  looksFor: 'a TensorFlow 1 checkpoint (.meta with .index and .data beside it)',
  matches: source =>
    matchingFiles(
      source,
      ENDING,
      async path =>
        ENDING.test(path) && STARTS_LIKE_META_GRAPH.test(bytesAsText(await readHead(source, path, HEAD_BYTES))),
    ),
  async read(source, path) {
    const meta = parseMetaGraph(await source.read(path));
    const { graph, functions, signatures } = meta;
    const variables = await readVariables(source, path.replace(ENDING, ''), meta);
    return { name: modelName(source), format: metaGraph.name, graph, functions, signatures, variables };
  },
};

async function readVariables(source: Source, prefix: string, meta: MetaGraph): Promise<ReadonlyMap<string, TfTensor>> {
  if (await hasBundle(source, prefix)) return bindVariables(meta, await readTensorBundle(source, prefix));
  if (await hasFile(source, prefix)) {
    throw new DecantError('unsupported', `'${prefix}' is a checkpoint in the format before TensorFlow 0.12`, {
      remedy: 'Load it in TensorFlow 1 or 2 and save it again with `tf.compat.v1.train.Saver`.',
    });
  }
  const needed = [...meta.graph.values()].find(({ op }) => VARIABLES.has(op));
  if (needed === undefined) return new Map();
  throw new DecantError(
    'not-found',
    `'${prefix}.index' is missing: the weights of the graph are in the checkpoint beside it`,
    {
      remedy: 'Put the .index and .data files of the checkpoint beside the .meta file.',
    },
  );
}
