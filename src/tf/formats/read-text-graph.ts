import { readText } from '../../source/read-text.ts';
import { decodeText } from '../../wire/decode-text.ts';
import { parsePbtxt } from '../../wire/pbtxt.ts';
import { graphDef, toGraph } from '../proto/graph-def.ts';
import type { ReadContents } from './reader.ts';

export const readTextGraph: ReadContents = async (source, path) => ({
  ...toGraph(decodeText(graphDef, parsePbtxt(await readText(source, path)))),
  signatures: new Map(),
});
