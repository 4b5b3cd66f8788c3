import { type Command, InvalidArgumentError } from 'commander';
import { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';
import { checkRegion, type Region } from '../../track/regions.ts';

export interface TrackOptions {
  readonly track?: boolean;
  readonly line?: readonly Region[];
  readonly zone?: readonly Region[];
}

export const withTrackOptions = (command: Command): Command =>
  command
    .option('--track', 'follow objects through videos: each keeps its number')
    .option(
      '--line <name=x1,y1,x2,y2>',
      'count who crosses a line, in pixels of the frame; repeatable',
      toRegion('line'),
    )
    .option('--zone <name=x,y,...>', 'count who enters and leaves a polygon, in pixels; repeatable', toRegion('zone'));

const toRegion =
  (kind: Region['kind']) =>
  (text: string, before: readonly Region[] = []): readonly Region[] => {
    const [, name, list = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    const numbers = list.split(',').map(part => (part.trim() === '' ? NaN : Number(part)));
    if (name === undefined || numbers.length % 2 === 1) {
      throw new InvalidArgumentError(`Must be NAME=x,y,x,y${kind === 'line' ? '' : ',x,y,...'}.`);
    }
    const points = numbers.flatMap((x, i) => (i % 2 === 0 ? [{ x, y: numbers[i + 1]! }] : []));
    const region = { name: name.trim(), kind, points };
    checkRegion(region);
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
    throw new DecantError('invalid-argument', `${option} follows objects through videos, and no input is a video`);
  }
  const names = regions.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return regions;
  throw new DecantError('invalid-argument', `two lines or zones are named '${twice}'`, {
    remedy: 'Give each its own name.',
  });
}
