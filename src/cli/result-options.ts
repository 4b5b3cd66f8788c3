import type { Command } from 'commander';
import { DecantError } from '../errors.ts';
import type { DatasetIds, ResultContext, ResultFormat } from '../results/result-writer.ts';
import type { ResultOutput } from './result-output.ts';

/** What becomes of results, besides the table for people. */
export interface ResultOptions {
  readonly format?: string;
  readonly output?: string;
  readonly annotations?: string;
  readonly json?: boolean;
}

/** Their names alone, so that they need not be loaded for help. */
const FORMATS = 'json, jsonl, csv, coco, yolo, voc, ultralytics, transformers, coco-ssd';

export const withResultOptions = (command: Command): Command =>
  command
    .option('--format <name>', `print results as ${FORMATS}`)
    .option('-o, --output <path>', 'write the results of --format to this file; for yolo and voc, into this folder')
    .option('--annotations <file>', 'with --format coco: the annotations whose ids of pictures and classes to use')
    .option('--json', 'print one JSON object; the same as --format json');

/** The format of the results; none is the table for people. */
export async function resultFormatOf({
  format,
  json,
  output,
  annotations,
}: ResultOptions): Promise<ResultFormat | undefined> {
  const name = format ?? (json === true ? 'json' : undefined);
  if (annotations !== undefined && name !== 'coco') {
    throw new DecantError('invalid-argument', 'ids of --annotations only stand in results of the format coco', {
      remedy: 'Add --format coco.',
    });
  }
  if (name === undefined && output !== undefined) {
    throw new DecantError('invalid-argument', `nothing says in which format to write ${output}`, {
      remedy: `Add --format: ${FORMATS}. Pictures are written with --save.`,
    });
  }
  if (name === undefined) return undefined;
  const { resultFormat } = await import('../results/result-formats.ts');
  const found = resultFormat(name);
  if (found.output === 'folder' && output === undefined) {
    throw new DecantError('invalid-argument', `${name} is a folder of files, and nothing says where to write them`, {
      remedy: 'Give a folder with --output.',
    });
  }
  return found;
}

/** Where the results go, with what holds for all of them. */
export async function openResults(
  format: ResultFormat,
  { output }: ResultOptions,
  context: ResultContext,
): Promise<ResultOutput> {
  const { resultOutput } = await import('./result-output.ts');
  return resultOutput(format, output, context);
}

/** The ids of --annotations. */
export async function datasetOf({ annotations: path }: ResultOptions): Promise<DatasetIds | undefined> {
  if (path === undefined) return undefined;
  const [{ datasetIds }, { parseCocoDataset }, { readTextFile }] = await Promise.all([
    import('../eval/dataset-ids.ts'),
    import('../eval/parse-coco.ts'),
    import('../platform/read-text-file.ts'),
  ]);
  return datasetIds(parseCocoDataset(await readTextFile(path), path));
}
