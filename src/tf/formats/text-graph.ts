import { bytesAsText, readHead } from '../../source/read-text.ts';
import { matchingFiles, type Reader } from './reader.ts';

const HEAD_BYTES = 4096;
const STARTS_LIKE_GRAPH = /^(?:\s|#.*\n)*(?:node|library|versions)(?:\s*:)?\s*[{<]/;

export const textGraph: Reader = {
  name: 'text-graph',
  looksFor: 'a frozen graph as text (.pbtxt)',
  matches: source =>
    matchingFiles(source, /\.(?:pbtxt|prototxt|pb\.txt)$/i, async path =>
      STARTS_LIKE_GRAPH.test(bytesAsText(await readHead(source, path, HEAD_BYTES))),
    ),
  load: async () => (await import('./read-text-graph.ts')).readTextGraph,
};
