import type { Command } from 'commander';
import type { ResultFormat } from '../results/result-writer.ts';

export interface ResultOptions {
  readonly format?: string;
  readonly output?: string;
  readonly annotations?: string;
  readonly json?: boolean;
  readonly rawCsv?: boolean;
}

/** Only the names and outputs, so that `--help` does not load the formats. */
const FORMATS: Readonly<Record<string, ResultFormat['output']>> = {
  json: 'text',
  jsonl: 'text',
  csv: 'text',
  coco: 'text',
  yolo: 'folder',
  voc: 'folder',
  ultralytics: 'text',
  transformers: 'text',
  'coco-ssd': 'text',
};

export const FORMAT_LIST = Object.keys(FORMATS);

export const FORMAT_NAMES = FORMAT_LIST.join(', ');

/** Those that are a single text. */
export const TEXT_FORMATS = FORMAT_LIST.filter(name => FORMATS[name] === 'text');

const FOLDER_FORMATS = FORMAT_LIST.filter(name => FORMATS[name] === 'folder').join(' and ');

export const withResultOptions = (command: Command): Command =>
  command
    .option('--format <name>', `output format of results: ${FORMAT_NAMES}`)
    .option(
      '-o, --output <path>',
      `write the results to this file, as .json, .jsonl, .csv or --format; for ${FOLDER_FORMATS}, to this folder`,
    )
    .option('--annotations <file>', 'with --format coco: annotations to take image and category ids from')
    .option('--raw-csv', 'with --format csv: keep text that a spreadsheet would take for a formula')
    .option('--json', 'print one JSON object; same as --format json');
