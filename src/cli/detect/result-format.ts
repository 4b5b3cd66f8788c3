import { extname } from 'node:path';
import { DecantError } from '../../errors.ts';
import { datasetIds } from '../../eval/dataset-ids.ts';
import { parseCocoDataset } from '../../eval/parse-coco.ts';
import { readTextFile } from '../../platform/read-text-file.ts';
import { resultFormat } from '../../results/result-formats.ts';
import type { DatasetIds, ResultFormat } from '../../results/result-writer.ts';
import { FORMAT_NAMES, type ResultOptions } from '../result-options.ts';
import { refuseIdle } from '../refuse-idle.ts';
import type { DetectRequest } from './detect-output.ts';

/** Returns undefined if no machine-readable results are requested. */
export function resultFormatFrom(options: ResultOptions): ResultFormat | undefined {
  const { json, output, annotations, rawCsv } = options;
  const name = options.format?.toLowerCase() ?? (json === true ? 'json' : formatsOf(output ?? '')?.[0]);
  if (json === true && name !== 'json') {
    throw new DecantError('invalid-argument', `--json and --format ${name ?? ''} are two formats`, {
      remedy: 'Use one or the other.',
    });
  }
  if (name !== 'csv') refuseIdle({ '--raw-csv': rawCsv }, 'without --format csv');
  if (annotations !== undefined && name !== 'coco') {
    throw new DecantError('invalid-argument', '--annotations only applies to the coco format', {
      remedy: 'Add --format coco.',
    });
  }
  if (name === undefined && output !== undefined) {
    throw new DecantError('invalid-argument', `no format is given for ${output}`, {
      remedy: `Add --format: ${FORMAT_NAMES}. To write images, use --save.`,
    });
  }
  if (name === undefined) return undefined;
  const format = resultFormat(name);
  if (output !== undefined) checkEnding(output, name);
  if (format.output === 'folder' && output === undefined) {
    throw new DecantError('invalid-argument', `the ${name} format writes a folder, and none is given`, {
      remedy: 'Name a folder with --output.',
    });
  }
  return format;
}

/** These formats write a line of JSON per image. */
const LINES = ['ultralytics', 'transformers', 'coco-ssd'];

/** The formats of files with these endings. The first one needs no --format. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  '.json': ['json', 'coco', ...LINES],
  '.jsonl': ['jsonl', ...LINES],
  '.ndjson': ['jsonl', ...LINES],
  '.csv': ['csv'],
};

const formatsOf = (path: string): readonly string[] | undefined => ENDINGS[extname(path).toLowerCase()];

/** Refuses a file that programs would open as what its ending says, and folders with such a name. */
function checkEnding(path: string, format: string): void {
  const formats = formatsOf(path);
  if (formats?.includes(format) !== false) return;
  throw new DecantError('invalid-argument', `'${path}' ends in ${extname(path)}, and its format would be ${format}`, {
    remedy: `Name it differently, or use --format ${formats[0]!}.`,
  });
}

/** Whether standard output holds machine-readable results, so that nothing else may be printed to it. */
export const isResultsOnStdout = ({ format, options }: Pick<DetectRequest, 'format' | 'options'>): boolean =>
  format !== undefined && options.output === undefined;

export async function datasetFrom({ annotations: path }: ResultOptions): Promise<DatasetIds | undefined> {
  return path === undefined ? undefined : datasetIds(parseCocoDataset(await readTextFile(path), path));
}
