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
  const name = options.format?.toLowerCase() ?? (json === true ? 'json' : formatOf(output));
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
  if (format.output === 'folder' && output === undefined) {
    throw new DecantError('invalid-argument', `the ${name} format writes a folder, and none is given`, {
      remedy: 'Name a folder with --output.',
    });
  }
  return format;
}

/** The endings of files that are in one format only. */
const ENDINGS: Readonly<Record<string, string>> = {
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
};

const formatOf = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : ENDINGS[extname(path).toLowerCase()];

/** Whether standard output holds machine-readable results, so that nothing else may be printed to it. */
export const isResultsOnStdout = ({ format, options }: Pick<DetectRequest, 'format' | 'options'>): boolean =>
  format !== undefined && options.output === undefined;

export async function datasetFrom({ annotations: path }: ResultOptions): Promise<DatasetIds | undefined> {
  return path === undefined ? undefined : datasetIds(parseCocoDataset(await readTextFile(path), path));
}
