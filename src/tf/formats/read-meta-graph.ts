import { DecantError } from '../../errors.ts';
import { hasFile } from '../../source/has-file.ts';
import type { Source } from '../../source/source.ts';
import type { TfTensor } from '../model.ts';
import { type MetaGraph, parseMetaGraph } from '../proto/saved-model.ts';
import { VARIABLES } from '../variable-ops.ts';
import { bindVariables } from '../variables/bind-variables.ts';
import { hasBundle, readTensorBundle } from '../variables/tensor-bundle.ts';
import type { ReadContents } from './reader.ts';

export const readMetaGraph: ReadContents = async (source, path) => {
  const meta = parseMetaGraph(await source.read(path));
  const { graph, functions, signatures } = meta;
  return { graph, functions, signatures, variables: await readVariables(source, path.replace(/\.meta$/i, ''), meta) };
};

async function readVariables(source: Source, prefix: string, meta: MetaGraph): Promise<ReadonlyMap<string, TfTensor>> {
  if (await hasBundle(source, prefix)) return bindVariables(meta, await readTensorBundle(source, prefix));
  if (await hasFile(source, prefix)) {
    throw new DecantError('unsupported', `'${prefix}' is a checkpoint in the format used before TensorFlow 0.12`, {
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
