import type { Command } from 'commander';

export interface ResultOptions {
  readonly format?: string;
  readonly output?: string;
  readonly annotations?: string;
  readonly json?: boolean;
}

/** Names alone, so that help need not load the formats. */
export const FORMATS = 'json, jsonl, csv, coco, yolo, voc, ultralytics, transformers, coco-ssd';

export const withResultOptions = (command: Command): Command =>
  command
    .option('--format <name>', `output format of results: ${FORMATS}`)
    .option('-o, --output <path>', 'write the results of --format to this file; for yolo and voc, to this folder')
    .option('--annotations <file>', 'with --format coco: annotations to take image and category ids from')
    .option('--json', 'print one JSON object; same as --format json');
