import type { Size } from '../image/image.ts';
import type { Polygon } from './segmentation.ts';

/** The pixels of an object, counted column by column: where each run of them starts and where it ends, in order. */
export type Pixels = readonly number[];

/** Outlines are drawn on a grid of so many points to a pixel. */
const FINE = 5;

type Point = readonly [x: number, y: number];

/**
 * The pixels of a polygon as pycocotools fills it, to the pixel: the outline is drawn on a finer grid, and where it crosses
 * the middle of a column of pixels, the inside begins or ends.
 */
export function pixelsOfPolygon(polygon: Polygon, { width, height }: Size): Pixels {
  const crossings: number[] = [];
  let last: Point | undefined;
  for (const point of outlineOf(polygon)) {
    const [x, y] = point;
    const [lastX, lastY] = last ?? point;
    last = point;
    if (x === lastX) continue;
    const column = (Math.min(x, lastX) + 0.5) / FINE - 0.5;
    if (!Number.isInteger(column) || column < 0 || column > width - 1) continue;
    const row = Math.ceil(Math.min(Math.max((Math.min(y, lastY) + 0.5) / FINE - 0.5, 0), height));
    crossings.push(column * height + row);
  }
  crossings.push(width * height);
  crossings.sort((a, b) => a - b);
  const runs: number[] = [];
  for (let i = 1; i < crossings.length; i += 2) {
    const [start, end] = [crossings[i - 1]!, crossings[i]!];
    if (start === runs.at(-1)) runs[runs.length - 1] = end;
    else if (start < end) runs.push(start, end);
  }
  return runs;
}

/** All points of the fine grid along the sides, one after the other. */
function* outlineOf(polygon: Polygon): Generator<Point, void, undefined> {
  const corners = Array.from({ length: polygon.length / 2 }, (_, i): Point => [
    Math.trunc(FINE * polygon[2 * i]! + 0.5),
    Math.trunc(FINE * polygon[2 * i + 1]! + 0.5),
  ]);
  for (const [i, corner] of corners.entries()) yield* sideOf(corner, corners[(i + 1) % corners.length]!);
}

/** A side steps by one along the axis on which it is longer; what is between is rounded from its lower end on. */
function* sideOf([x, y]: Point, [toX, toY]: Point): Generator<Point, void, undefined> {
  const [width, height] = [Math.abs(toX - x), Math.abs(toY - y)];
  const flat = width >= height;
  const steps = flat ? width : height;
  const backwards = flat ? x > toX : y > toY;
  const [[startX, startY], [endX, endY]] = backwards
    ? [
        [toX, toY],
        [x, y],
      ]
    : [
        [x, y],
        [toX, toY],
      ];
  const slope = steps === 0 ? 0 : flat ? (endY - startY) / steps : (endX - startX) / steps;
  for (let step = 0; step <= steps; step++) {
    const at = backwards ? steps - step : step;
    yield flat
      ? [startX + at, Math.trunc(startY + slope * at + 0.5)]
      : [Math.trunc(startX + slope * at + 0.5), startY + at];
  }
}
