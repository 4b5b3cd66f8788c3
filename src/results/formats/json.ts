import type { FrameTracks } from '../../track/frame-tracks.ts';
import type { ResultFormat, ResultPart, ResultRecord } from '../result-writer.ts';
import { errorJson, JSON_HEAD } from '../json-head.ts';
import { jsonText, rounded, textPart } from '../result-part.ts';

export const json: ResultFormat = {
  name: 'json',
  summary: 'one JSON object with all images',
  output: 'text',
  writer: ({ model, device, threshold, notes = [] }) => {
    const head = jsonText({ ...JSON_HEAD, model, device, threshold, ...(notes.length > 0 && { notes }) }, 2);
    let separator = '';
    const item = (image: object): readonly ResultPart[] => {
      const before = separator;
      separator = ',';
      return textPart(`${before}\n    ${indented(image, 4)}`);
    };
    return {
      begin: () => textPart(`${head.slice(0, -'\n}'.length)},\n  "images": [`),
      write: record => item(imageJson(record)),
      fail: (file, error) => item({ file, error: errorJson(error) }),
      end(error) {
        const failure = error === undefined ? '' : `,\n  "error": ${indented(errorJson(error), 2)}`;
        return textPart(`${separator === '' ? '' : '\n  '}]${failure}\n}\n`);
      },
    };
  },
};

const indented = (value: object, spaces: number): string =>
  jsonText(value, 2).replaceAll('\n', `\n${' '.repeat(spaces)}`);

export const imageJson = ({
  file,
  page,
  frame,
  time,
  width,
  height,
  tiles,
  ms,
  detections,
  tracks,
}: ResultRecord): object => ({
  file,
  ...(page !== undefined && { page }),
  ...(frame !== undefined && { frame }),
  ...(time !== undefined && { time: rounded(time, 6) }),
  width,
  height,
  ...(tiles !== undefined && { tiles }),
  ...(ms !== undefined && {
    ms: Object.fromEntries(Object.entries(ms).map(([step, time]: [string, number]) => [step, rounded(time, 1)])),
  }),
  detections,
  ...(tracks !== undefined && hasRegions(tracks) && { tracks: { crossings: tracks.crossings, counts: tracks.counts } }),
});

const hasRegions = ({ counts }: Pick<FrameTracks, 'counts'>): boolean => Object.keys(counts).length > 0;
