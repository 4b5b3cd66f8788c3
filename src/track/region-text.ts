import { DecantError } from '../errors.ts';
import { checkRegion, type Region } from './regions.ts';

/**
 * Reads `NAME=x1,y1,x2,y2`, or more points for a zone. Returns undefined for text of another form.
 *
 * @throws DecantError `invalid-argument` for too few points, points that are no numbers, or a line without length
 */
export function regionIn(kind: Region['kind'], text: string): Region | undefined {
  const [, name, list = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  const numbers = list.split(',').map(part => (part.trim() === '' ? NaN : Number(part)));
  if (name === undefined || numbers.length % 2 === 1) return undefined;
  const points = numbers.flatMap((x, i) => (i % 2 === 0 ? [{ x, y: numbers[i + 1]! }] : []));
  const region = { name: name.trim(), kind, points };
  checkRegion(region);
  return region;
}

/** How the text of a region looks. */
export const formOf = (kind: Region['kind']): string => `NAME=x,y,x,y${kind === 'line' ? '' : ',x,y,...'}`;

/** @throws DecantError `invalid-argument` if two regions have the same name */
export function checkNames(regions: readonly Region[]): void {
  const names = regions.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new DecantError('invalid-argument', `two lines or zones are named '${twice}'`, {
    remedy: 'Give each its own name.',
  });
}
