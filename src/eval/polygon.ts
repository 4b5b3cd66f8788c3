import type { Size } from '../image/image.ts';
import type { Polygon } from './segmentation.ts';

/** Runs of pixels, counted column by column: start and end (exclusive) of each run, ascending. */
export type Pixels = readonly number[];

/** Outlines are drawn on a grid this much finer than pixels, as in pycocotools. */
const SUBPIXELS = 5;

type Point = readonly [x: number, y: number];

/**
 * Fills a polygon exactly like pycocotools: draws the outline on a finer grid; where it crosses the middle of a pixel column,
 * a run starts or ends.
 */
export function pixelsOfPolygon(polygon: Polygon, { width, height }: Size): Pixels {
  const crossings: number[] = [];
  let last: Point | undefined;
  for (const point of outlineOf(polygon)) {
    const [x, y] = point;
    const [lastX, lastY] = last ?? point;
    last = point;
    if (x === lastX) continue;
    const column = (Math.min(x, lastX) + 0.5) / SUBPIXELS - 0.5;
    if (!Number.isInteger(column) || column < 0 || column > width - 1) continue;
    const row = Math.ceil(Math.min(Math.max((Math.min(y, lastY) + 0.5) / SUBPIXELS - 0.5, 0), height));
    crossings.push(column * height + row);
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

function* outlineOf(polygon: Polygon): Generator<Point, void, undefined> {
  const corners = Array.from({ length: polygon.length / 2 }, (_, i): Point => [
    Math.trunc(SUBPIXELS * polygon[2 * i]! + 0.5),
    Math.trunc(SUBPIXELS * polygon[2 * i + 1]! + 0.5),
  ]);
  for (const [i, corner] of corners.entries()) yield* edgeOf(corner, corners[(i + 1) % corners.length]!);
}

function* edgeOf([x, y]: Point, [toX, toY]: Point): Generator<Point, void, undefined> {
  const width = Math.abs(toX - x);
  const height = Math.abs(toY - y);
  const flat = width >= height;
  const steps = flat ? width : height;
  const backwards = flat ? x > toX : y > toY;
  const startX = backwards ? toX : x;
  const startY = backwards ? toY : y;
  const rise = flat ? toY - y : toX - x;
  const slope = steps === 0 ? 0 : (backwards ? -rise : rise) / steps;
  for (let step = 0; step <= steps; step++) {
    const at = backwards ? steps - step : step;
    yield flat
      ? [startX + at, Math.trunc(startY + slope * at + 0.5)]
      : [Math.trunc(startX + slope * at + 0.5), startY + at];
  }
}
