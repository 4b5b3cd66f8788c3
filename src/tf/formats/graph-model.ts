import { bytesAsText, readHead } from '../../source/read-text.ts';
import type { Source } from '../../source/source.ts';
import { matchingFiles, type Reader } from './reader.ts';

const HEAD_BYTES = 2 ** 15;

export const graphModel: Reader = {
  name: 'tfjs-graph-model',
  looksFor: 'a TensorFlow.js graph-model (model.json)',
  matches: source => matchingFiles(source, /\.json$/i, path => isGraphModel(source, path)),
  load: async () => (await import('./read-graph-model.ts')).readGraphModel,
};

/** A Keras layers-model has a modelTopology too. */
async function isGraphModel(source: Source, path: string): Promise<boolean> {
  const head = bytesAsText(await readHead(source, path, HEAD_BYTES));
  return (
    /^(?:\xef\xbb\xbf)?\s*\{.*"modelTopology"\s*:/s.test(head) && !/"(?:model_config|keras_version)"\s*:/.test(head)
  );
}
