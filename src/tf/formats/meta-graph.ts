import { bytesAsText, readHead } from '../../source/read-text.ts';
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
  load: async () => (await import('./read-meta-graph.ts')).readMetaGraph,
};
