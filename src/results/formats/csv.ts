import type { ResultFormat } from '../result-writer.ts';
import type { Crossing } from '../../track/region-counter.ts';
import { rounded, textPart } from '../result-part.ts';

const TRACKING = ['track_id', 'crossings'];
const HEADER = ['file', 'page', 'frame', 'time', 'label', 'class_id', 'score', 'xmin', 'ymin', 'xmax', 'ymax'];

/**
 * A header and a row per detection (RFC 4180, but with `\n`); box edges rounded to 0.01 pixels. Text that a spreadsheet would
 * take for a formula gets an apostrophe, unless the context has `rawCsv`.
 */
export const csv: ResultFormat = {
  name: 'csv',
  summary: 'a table with one row per object',
  output: 'text',
  writer: ({ rawCsv = false, tracking = false }) => ({
    begin: () => textPart(line(tracking ? [...HEADER, ...TRACKING] : HEADER)),
    write: ({ file, page, frame, time, detections, tracks }) =>
      textPart(
        detections
          .map(({ label, classId, score, trackId, box: { xmin, ymin, xmax, ymax } }) => {
            const edges = [xmin, ymin, xmax, ymax].map(edge => rounded(edge, 2));
            const [name, kind] = rawCsv ? [file, label] : [harmless(file), harmless(label)];
            const place = [name, page ?? '', frame ?? '', time === undefined ? '' : rounded(time, 6)];
            const crossings = crossingsOf(tracks?.crossings, trackId);
            const track = tracking ? [trackId ?? '', rawCsv ? crossings : harmless(crossings)] : [];
            return line([...place, kind, classId, rounded(score, 6), ...edges, ...track]);
          })
          .join(''),
      ),
    end: () => [],
  }),
};

/** `door in`, or `door in; yard out` for an object that crosses both in a frame. */
const crossingsOf = (crossings: readonly Crossing[] = [], id: number | undefined): string =>
  crossings
    .filter(({ trackId }) => trackId === id)
    .map(({ region, direction }) => `${region} ${direction}`)
    .join('; ');

/** A single character, such as the `-` of standard input, is no formula. */
const harmless = (text: string): string =>
  text.replaceAll(/\p{Cc}+/gu, ' ').replace(/^(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20].)/su, "'");

const line = (cells: readonly (string | number)[]): string => `${cells.map(cell).join(',')}\n`;

const cell = (value: string | number): string =>
  typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);
