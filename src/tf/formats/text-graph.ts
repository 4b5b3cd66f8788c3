import { bytesAsText, readHead, readText } from '../../source/read-text.ts';
import { parsePbtxt } from '../../wire/pbtxt.ts';
import { decodeText } from '../../wire/decode-text.ts';
import { graphDef, toGraph } from '../proto/graph-def.ts';
import { modelName } from './model-name.ts';
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
  async read(source, path) {
    const graph = toGraph(decodeText(graphDef, parsePbtxt(await readText(source, path))));
    return { name: modelName(source), format: textGraph.name, ...graph, signatures: new Map() };
  },
};
