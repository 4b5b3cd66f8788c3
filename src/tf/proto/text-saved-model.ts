import { decodeText } from '../../wire/decode-text.ts';
import { parsePbtxt } from '../../wire/pbtxt.ts';
import { type MetaGraph, savedModelDef, toMetaGraph } from './saved-model.ts';

export const parseTextSavedModel = (text: string): readonly MetaGraph[] =>
  decodeText(savedModelDef, parsePbtxt(text)).metaGraphs.map(toMetaGraph);
