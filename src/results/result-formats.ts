import { checkArgument, listOf, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { nearestHint } from '../nearest-names.ts';
import { CONTEXT, RECORD } from './check-results.ts';
import { coco } from './formats/coco.ts';
import { cocoSsd } from './formats/coco-ssd.ts';
import { csv } from './formats/csv.ts';
import { json } from './formats/json.ts';
import { jsonl } from './formats/jsonl.ts';
import { transformers } from './formats/transformers.ts';
import { ultralytics } from './formats/ultralytics.ts';
import { voc } from './formats/voc.ts';
import { yolo } from './formats/yolo.ts';
import type { ResultContext, ResultFormat, ResultRecord, ResultWriter } from './result-writer.ts';

/**
 * All output formats, decant's own first.
 *
 * @example
 * ```ts
 * import { RESULT_FORMATS } from 'decant';
 *
 * for (const { name, summary } of RESULT_FORMATS) console.log(name, summary);
 * ```
 */
export const RESULT_FORMATS: readonly ResultFormat[] = [
  json,
  jsonl,
  csv,
  coco,
  yolo,
  voc,
  ultralytics,
  transformers,
  cocoSsd,
];

export function resultFormat(name: string): ResultFormat {
  const format = RESULT_FORMATS.find(known => known.name === name);
  if (format !== undefined) return format;
  const names = RESULT_FORMATS.map(known => known.name);
  throw new DecantError('invalid-argument', `'${name}' is not a result format`, {
    remedy: `${nearestHint(name, names)}Use one of ${names.join(', ')}.`,
  });
}

/**
 * Returns a writer of results for any number of images.
 *
 * @throws DecantError `invalid-argument` if there is no such format
 *
 * @example
 * ```ts
 * import { COCO_80, resultWriter } from 'decant';
 *
 * const writer = resultWriter('jsonl', { model: 'centernet.json', device: 'CPU', labels: COCO_80 });
 * const record = { file: 'photo.jpg', width: 640, height: 480, detections: [] };
 * const parts = [...writer.begin(), ...writer.write(record), ...writer.end()];
 * console.log(parts.map(({ text }) => text).join(''));
 * ```
 */
export function resultWriter(format: string, context: ResultContext): ResultWriter {
  checkArgument(format, 'the format', text);
  checkArgument(context, 'the context', CONTEXT);
  const writer = resultFormat(format).writer(context);
  return {
    begin: () => writer.begin(),
    write(record) {
      checkArgument(record, 'the record', RECORD);
      return writer.write(record);
    },
    ...(writer.fail !== undefined && { fail: (file, error) => writer.fail!(file, error) }),
    end: error => writer.end(error),
  };
}

/**
 * Formats the results of a few images as one text, like `decant detect --format`.
 *
 * @throws DecantError `invalid-argument` if there is no such format, or if it is a folder of files: use `resultWriter`
 *
 * @example
 * ```ts
 * import { COCO_80, formatResults } from 'decant';
 *
 * const records = [{ file: 'photo.jpg', width: 640, height: 480, detections: [] }];
 * console.log(formatResults('csv', records, { model: 'centernet.json', device: 'CPU', labels: COCO_80 }));
 * ```
 */
export function formatResults(format: string, records: readonly ResultRecord[], context: ResultContext): string {
  checkArgument(format, 'the format', text);
  checkArgument(records, 'the records', listOf(RECORD));
  const { output } = resultFormat(format);
  if (output === 'folder') {
    throw new DecantError('invalid-argument', `${format} is a folder of files, not a single text`, {
      remedy: 'Use resultWriter.',
    });
  }
  const writer = resultWriter(format, context);
  const parts = [writer.begin(), ...records.map(record => writer.write(record)), writer.end()];
  return parts.flatMap(some => some.map(({ text }) => text)).join('');
}
