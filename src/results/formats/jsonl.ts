import type { ResultFormat } from '../result-writer.ts';
import { errorJson, JSON_HEAD } from '../json-head.ts';
import { jsonText, textPart } from '../result-part.ts';
import { imageJson } from './json.ts';

export const jsonl: ResultFormat = {
  name: 'jsonl',
  summary: 'one line of JSON per image',
  output: 'text',
  writer: () => ({
    begin: () => [],
    write: record => textPart(`${jsonText(imageJson(record))}\n`),
    fail: (file, error) => textPart(`${jsonText({ file, error: errorJson(error) })}\n`),
    end: error => (error === undefined ? [] : textPart(`${jsonText({ ...JSON_HEAD, error: errorJson(error) })}\n`)),
  }),
};
