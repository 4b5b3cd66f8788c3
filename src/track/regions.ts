import { type Check, listOf, number, oneOf, shaped, text } from '../check.ts';
import { DecantError } from '../errors.ts';

/** In pixels of the frame. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line of two points, or a zone of three or more, the corners of a polygon. */
export interface Region {
  readonly name: string;
  readonly kind: 'line' | 'zone';
  readonly points: readonly Point[];
}

export const POINTS: Check = listOf(shaped({ x: number, y: number }));

export const REGIONS: Check = listOf(shaped({ name: text, kind: oneOf('line', 'zone'), points: POINTS }));

/** @throws DecantError `invalid-argument` if a region has too few points, or points that are no numbers, or a line no length */
export function checkRegion({ name, kind, points }: Region): void {
  const [fits, number] = kind === 'line' ? [points.length === 2, '2 points'] : [points.length >= 3, '3 points or more'];
  if (!fits) {
    throw new DecantError('invalid-argument', `${kind} '${name}' has ${points.length} points and needs ${number}`);
  }
  if (!points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) {
    throw new DecantError('invalid-argument', `${kind} '${name}' has points that are not numbers`);
  }
  if (kind === 'line' && distance(points[0]!, points[1]!) === 0) {
    throw new DecantError('invalid-argument', `line '${name}' starts and ends at the same point`);
  }
}

/**
 * Returns on which side of a region a point is, in pixels from its edge: positive inside a zone, or on the right of a line
 * as seen from its first to its second point (below a line that is drawn from left to right).
 */
export function sideOf({ kind, points }: Region, point: Point): number {
  if (kind === 'line') {
    const [from, to] = points as readonly [Point, Point];
    return cross(from, to, point) / distance(from, to);
  }
  const nearest = Math.min(...edgesOf(points).map(([from, to]) => distanceToEdge(from, to, point)));
  return isInside(points, point) ? nearest : -nearest;
}

/** Whether the way from one point to another passes through a line, between its ends. */
export function crosses({ points }: Region, before: Point, after: Point): boolean {
  const [from, to] = points as readonly [Point, Point];
  return cross(before, after, from) * cross(before, after, to) <= 0;
}

const cross = (from: Point, to: Point, { x, y }: Point): number =>
  (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x);

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

const edgesOf = (points: readonly Point[]): readonly (readonly [Point, Point])[] =>
  points.map((point, i) => [point, points[(i + 1) % points.length]!]);

function distanceToEdge(from: Point, to: Point, point: Point): number {
  const squared = distance(from, to) ** 2;
  const along = (point.x - from.x) * (to.x - from.x) + (point.y - from.y) * (to.y - from.y);
  const share = squared === 0 ? 0 : Math.min(Math.max(along / squared, 0), 1);
  return distance(point, { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) });
}

/** Whether a ray from the point to the right passes through an odd number of edges. */
const isInside = (points: readonly Point[], { x, y }: Point): boolean =>
  edgesOf(points).filter(
    ([from, to]) => from.y > y !== to.y > y && x < from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x),
  ).length %
    2 ===
  1;
