import type { ResultFormat } from '../result-writer.ts';
import { jsonText, textPart } from '../result-part.ts';
import { imageJson } from './json.ts';

export const jsonl: ResultFormat = {
  name: 'jsonl',
  summary: 'one line of JSON per image',
  output: 'text',
  writer: () => ({
    begin: () => [],
    write: record => textPart(`${jsonText(imageJson(record))}\n`),
    end: () => [],
  }),
};
