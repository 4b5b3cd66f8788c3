import { DecantError } from '../errors.ts';
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
 * All formats, decant's own first.
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

/** The format of this name. @throws DecantError `invalid-argument` that lists them all */
export function resultFormat(name: string): ResultFormat {
  const found = RESULT_FORMATS.find(format => format.name === name);
  if (found !== undefined) return found;
  throw new DecantError('invalid-argument', `there is no format '${name}' of results`, {
    remedy: `Use one of ${RESULT_FORMATS.map(format => format.name).join(', ')}.`,
  });
}

/**
 * A writer of results, for as many pictures as there are.
 *
 * @throws DecantError `invalid-argument` for a format that there is not
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
export const resultWriter = (format: string, context: ResultContext): ResultWriter =>
  resultFormat(format).writer(context);

/**
 * Results of a few pictures as one text: what `decant detect --format` prints.
 *
 * @throws DecantError `invalid-argument` for a format that there is not, or that is a folder of files: for those there is
 *   `resultWriter`
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
  const { output } = resultFormat(format);
  if (output === 'folder') {
    throw new DecantError('invalid-argument', `${format} is a folder of files, not one text`, {
      remedy: 'Take the files from resultWriter.',
    });
  }
  const writer = resultWriter(format, context);
  const parts = [writer.begin(), ...records.map(record => writer.write(record)), writer.end()];
  return parts.flatMap(some => some.map(({ text }) => text)).join('');
}
