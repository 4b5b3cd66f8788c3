import type { Command } from 'commander';
import { DecantError } from '../errors.ts';
import type { DatasetIds, ResultFormat } from '../results/result-writer.ts';

export interface ResultOptions {
  readonly format?: string;
  readonly output?: string;
  readonly annotations?: string;
  readonly json?: boolean;
}

/** Names alone, so that help need not load the formats. */
const FORMATS = 'json, jsonl, csv, coco, yolo, voc, ultralytics, transformers, coco-ssd';

export const withResultOptions = (command: Command): Command =>
  command
    .option('--format <name>', `output format of results: ${FORMATS}`)
    .option('-o, --output <path>', 'write the results of --format to this file; for yolo and voc, to this folder')
    .option('--annotations <file>', 'with --format coco: annotations to take image and category ids from')
    .option('--json', 'print one JSON object; same as --format json');

/**
 * Returns the format of machine-readable results, undefined for none.
 *
 * @throws DecantError `invalid-argument` for an unknown format, or options that do not go with it
 */
export async function resultFormatFrom(options: ResultOptions): Promise<ResultFormat | undefined> {
  const { format: name = options.json === true ? 'json' : undefined, output, annotations } = options;
  if (annotations !== undefined && name !== 'coco') {
    throw new DecantError('invalid-argument', '--annotations only applies to the coco format', {
      remedy: 'Add --format coco.',
    });
  }
  if (name === undefined && output !== undefined) {
    throw new DecantError('invalid-argument', `no format is given for ${output}`, {
      remedy: `Add --format: ${FORMATS}. To write images, use --save.`,
    });
  }
  if (name === undefined) return undefined;
  const { resultFormat } = await import('../results/result-formats.ts');
  const format = resultFormat(name);
  if (format.output === 'folder' && output === undefined) {
    throw new DecantError('invalid-argument', `the ${name} format writes a folder, and none is given`, {
      remedy: 'Name a folder with --output.',
    });
  }
  return format;
}

/** Reads the ids of `--annotations`. */
export async function datasetFrom({ annotations: path }: ResultOptions): Promise<DatasetIds | undefined> {
  if (path === undefined) return undefined;
  const [{ datasetIds }, { parseCocoDataset }, { readTextFile }] = await Promise.all([
    import('../eval/dataset-ids.ts'),
    import('../eval/parse-coco.ts'),
    import('../platform/read-text-file.ts'),
  ]);
  return datasetIds(parseCocoDataset(await readTextFile(path), path));
}
