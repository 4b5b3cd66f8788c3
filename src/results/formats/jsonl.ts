import type { ResultFormat } from '../result-writer.ts';
import { text } from '../result-part.ts';
import { imageJson } from './json.ts';

/** JSON Lines: each picture's part of the `json` format on a line. */
export const jsonl: ResultFormat = {
  name: 'jsonl',
  summary: 'a line of JSON for each picture',
  output: 'text',
  writer: () => ({
    begin: () => [],
    write: record => text(`${JSON.stringify(imageJson(record))}\n`),
    end: () => [],
  }),
};
