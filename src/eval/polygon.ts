import { DecantError } from '../errors.ts';
import type { Size } from '../image/image.ts';
import type { Polygon } from './segmentation.ts';

/** Runs of pixels, counted column by column: start and end (exclusive) of each run, ascending. */
export type Pixels = readonly number[];

/** Outlines are drawn on a grid this much finer than pixels, as in pycocotools. */
const SUBPIXELS = 5;
/** The middle of a pixel column is between this subpixel and the next. */
const MIDDLE = 2;

/** pycocotools' coordinates are 32-bit integers. */
const MAX_COORDINATE = 2 ** 31;

/** Outlines cross each column of an image a few times; a polygon could cross millions of columns a million times. */
const MAX_CROSSINGS = 2 ** 20;

type Point = readonly [x: number, y: number];

/**
 * Fills a polygon exactly like pycocotools: draws the outline on a finer grid; where it crosses the middle of a pixel column,
 * a run starts or ends.
 *
 * @throws DecantError `limit` if the outline crosses columns more than 2^20 times
 */
export function pixelsOfPolygon(polygon: Polygon, { width, height }: Size): Pixels {
  const corners = cornersOf(polygon);
  const crossings: number[] = [];
  for (const [i, corner] of corners.entries()) {
    const columns = columnsBetween(corner, corners[(i + 1) % corners.length]!, width);
    if (crossings.length + columns.to - columns.from > MAX_CROSSINGS) throw tooLong();
    const yAt = edgeOf(corner, corners[(i + 1) % corners.length]!);
    for (let column = columns.from; column <= columns.to; column++) {
      const y = (yAt(SUBPIXELS * column + MIDDLE) + 0.5) / SUBPIXELS - 0.5;
      crossings.push(column * height + Math.ceil(Math.min(Math.max(y, 0), height)));
    }
  }
  crossings.push(width * height);
  crossings.sort((a, b) => a - b);
  const runs: number[] = [];
  for (let i = 1; i < crossings.length; i += 2) {
    const start = crossings[i - 1]!;
    const end = crossings[i]!;
    if (start === runs.at(-1)) runs[runs.length - 1] = end;
    else if (start < end) runs.push(start, end);
  }
  return runs;
}

const cornersOf = (polygon: Polygon): readonly Point[] =>
  Array.from({ length: polygon.length / 2 }, (_, i) => [toGrid(polygon[2 * i]!), toGrid(polygon[2 * i + 1]!)]);

const toGrid = (length: number): number =>
  Math.trunc(Math.min(Math.max(SUBPIXELS * length + 0.5, -MAX_COORDINATE), MAX_COORDINATE));

/** The columns of the image whose middle is between two corners. */
const columnsBetween = ([x]: Point, [toX]: Point, width: number): { readonly from: number; readonly to: number } => ({
  from: Math.max(0, Math.ceil((Math.min(x, toX) - MIDDLE) / SUBPIXELS)),
  to: Math.min(Math.floor(width - 1), Math.floor((Math.max(x, toX) - MIDDLE - 1) / SUBPIXELS)),
});

/**
 * Draws an edge, without walking along it: returns the smaller y of its points with `x` and `x + 1`, of which `x` is not
 * negative. Points are one apart in the direction in which the edge is longer.
 */
function edgeOf(from: Point, to: Point): (x: number) => number {
  const flat = Math.abs(to[0] - from[0]) >= Math.abs(to[1] - from[1]);
  const axis = flat ? 0 : 1;
  const [[startX, startY], [endX, endY]] = from[axis] > to[axis] ? [to, from] : [from, to];
  if (flat) {
    const slope = (endY - startY) / (endX - startX);
    const yOf = (x: number): number => Math.trunc(startY + slope * (x - startX) + 0.5);
    return x => Math.min(yOf(x), yOf(x + 1));
  }
  const slope = (endX - startX) / (endY - startY);
  const isBefore = (step: number, x: number): boolean => {
    const reached = Math.trunc(startX + slope * step + 0.5);
    return slope > 0 ? reached <= x : reached > x;
  };
  return x => {
    // The last step before the edge passes from one x to the other; rounding may put the estimate beside it.
    let step = Math.floor((x + 0.5 - startX) / slope);
    while (isBefore(step + 1, x)) step++;
    while (!isBefore(step, x)) step--;
    return startY + step;
  };
}

const tooLong = (): DecantError =>
  new DecantError('limit', `a polygon crosses more than ${MAX_CROSSINGS} columns of pixels`, {
    remedy: 'Use the annotations of smaller images, or encode this mask in run lengths.',
  });
