import type { ResultFormat } from '../result-writer.ts';
import { rounded, textPart } from '../result-part.ts';

const HEADER = ['file', 'page', 'frame', 'time', 'label', 'class_id', 'score', 'xmin', 'ymin', 'xmax', 'ymax'];

/** A header and a row per detection (RFC 4180, but with `\n`); box edges rounded to 0.01 pixels. */
export const csv: ResultFormat = {
  name: 'csv',
  summary: 'a table with one row per object',
  output: 'text',
  writer: () => ({
    begin: () => textPart(line(HEADER)),
    write: ({ file, page, frame, time, detections }) =>
      textPart(
        detections
          .map(({ label, classId, score, box: { xmin, ymin, xmax, ymax } }) => {
            const edges = [xmin, ymin, xmax, ymax].map(edge => rounded(edge, 2));
            const place = [file, page ?? '', frame ?? '', time === undefined ? '' : rounded(time, 6)];
            return line([...place, label, classId, rounded(score, 6), ...edges]);
          })
          .join(''),
      ),
    end: () => [],
  }),
};

const line = (cells: readonly (string | number)[]): string => `${cells.map(cell).join(',')}\n`;

const cell = (value: string | number): string =>
  typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);
