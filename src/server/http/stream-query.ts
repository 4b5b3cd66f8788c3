import { DecantError } from '../../errors.ts';
import { checkNames, formOf, regionIn } from '../../track/region-text.ts';
import type { Region } from '../../track/regions.ts';
import { type Filters, FILTERS } from './schemas.ts';

/** Lines or zones of a stream: many more than anyone can see. */
const MOST = 32;

const regionSchema = (description: string) =>
  ({ type: 'array', maxItems: MOST, items: { type: 'string' }, description }) as const;

export const STREAM_QUERY = {
  type: 'object',
  properties: {
    ...FILTERS.properties,
    track: { type: 'string', enum: ['0', '1'], description: 'Follow objects: each keeps its number, `trackId`.' },
    line: regionSchema('Count who crosses a line: NAME=x1,y1,x2,y2, in pixels of the frame.'),
    zone: regionSchema('Count who enters and leaves a polygon: NAME=x,y,x,y,x,y,...'),
  },
} as const;

/** The query of a stream, as it comes. */
export interface StreamQuery extends Filters {
  readonly track?: '0' | '1';
  readonly line?: readonly string[];
  readonly zone?: readonly string[];
}

/** Returns the lines and zones to count at; undefined without tracking. @throws DecantError `invalid-argument` */
export function regionsOf({ track = '0', line = [], zone = [] }: StreamQuery): readonly Region[] | undefined {
  const regions = [...line.map(text => parse('line', text)), ...zone.map(text => parse('zone', text))];
  checkNames(regions);
  return track === '0' && regions.length === 0 ? undefined : regions;
}

function parse(kind: Region['kind'], text: string): Region {
  const region = regionIn(kind, text);
  if (region !== undefined) return region;
  throw new DecantError('invalid-argument', `'${text}' is not a ${kind}`, { remedy: `Write ${formOf(kind)}.` });
}
