import type { ResultFormat } from '../result-writer.ts';
import { textPart } from '../result-part.ts';
import { imageJson } from './json.ts';

export const jsonl: ResultFormat = {
  name: 'jsonl',
  summary: 'one line of JSON per image',
  output: 'text',
  writer: () => ({
    begin: () => [],
    write: record => textPart(`${JSON.stringify(imageJson(record))}\n`),
    end: () => [],
  }),
};
