import type { FrameTracks } from '../../track/frame-tracks.ts';
import type { ResultFormat, ResultRecord } from '../result-writer.ts';
import { jsonText, rounded, textPart } from '../result-part.ts';

export const json: ResultFormat = {
  name: 'json',
  summary: 'one JSON object with all images',
  output: 'text',
  writer: ({ model, device, notes = [] }) => {
    const head = jsonText({ model, device, ...(notes.length > 0 && { notes }) }, 2);
    let separator = '';
    return {
      begin: () => textPart(`${head.slice(0, -'\n}'.length)},\n  "images": [`),
      write(record) {
        const before = separator;
        separator = ',';
        return textPart(`${before}\n    ${jsonText(imageJson(record), 2).replaceAll('\n', '\n    ')}`);
      },
      end: () => textPart(separator === '' ? ']\n}\n' : '\n  ]\n}\n'),
    };
  },
};

export const imageJson = ({
  file,
  page,
  frame,
  time,
  width,
  height,
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
  ...(ms !== undefined && {
    ms: Object.fromEntries(Object.entries(ms).map(([step, time]: [string, number]) => [step, rounded(time, 1)])),
  }),
  detections,
  ...(tracks !== undefined && hasRegions(tracks) && { tracks: { crossings: tracks.crossings, counts: tracks.counts } }),
});

const hasRegions = ({ counts }: Pick<FrameTracks, 'counts'>): boolean => Object.keys(counts).length > 0;
