import { type Command, InvalidArgumentError } from 'commander';
import { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import { checkNames, formOf, regionIn } from '../../track/region-text.ts';
import type { Region } from '../../track/regions.ts';

export interface TrackOptions {
  readonly track?: boolean;
  readonly line?: readonly Region[];
  readonly zone?: readonly Region[];
}

export const withTrackOptions = (command: Command): Command =>
  command
    .option('--track', 'track objects through videos: each keeps its number')
    .option(
      '--line <name=x1,y1,x2,y2>',
      'count objects that cross a line, in pixels of the frame; repeatable',
      toRegion('line'),
    )
    .option(
      '--zone <name=x,y,...>',
      'count objects that enter and leave a polygon, in pixels; repeatable',
      toRegion('zone'),
    );

const toRegion =
  (kind: Region['kind']) =>
  (text: string, before: readonly Region[] = []): readonly Region[] => {
    const region = regionIn(kind, text);
    if (region === undefined) throw new InvalidArgumentError(`Must be ${formOf(kind)}.`);
    return [...before, region];
  };

/** Lines and zones to count at; undefined without tracking. */
export function regionsFrom(
  { track = false, line = [], zone = [] }: TrackOptions,
  inputs: readonly Input[],
): readonly Region[] | undefined {
  const regions = [...line, ...zone];
  if (!track && regions.length === 0) return undefined;
  if (!inputs.some(({ kind }) => kind === 'video')) {
    const option = track ? '--track' : line.length > 0 ? '--line' : '--zone';
    throw new DecantError('invalid-argument', `${option} tracks objects through videos, but no input is a video`, {
      remedy: `Name a video or a camera, or leave out ${option}.`,
    });
  }
  checkNames(regions);
  return regions;
}
