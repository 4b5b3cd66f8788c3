import type { Size } from './image.ts';

/** Edges in pixels of the original picture, with fractions, inside it: 0 <= xmin < xmax <= width, likewise for y. */
export interface Box {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

/** The part of `box` inside the picture; undefined where nothing of it is, or where an edge is not a number. */
export function clipBox(box: Box, { width, height }: Size): Box | undefined {
  const xmin = Math.max(box.xmin, 0);
  const ymin = Math.max(box.ymin, 0);
  const xmax = Math.min(box.xmax, width);
  const ymax = Math.min(box.ymax, height);
  return xmin < xmax && ymin < ymax ? { xmin, ymin, xmax, ymax } : undefined;
}

/** In whole pixels. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** The number of pixels that two rectangles share. */
export function rectOverlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** The pixels nearest to a box inside the picture: at least one, all of them in the picture. */
export function nearestPixels({ xmin, ymin, xmax, ymax }: Box, picture: Size): Rect {
  const x = Math.min(Math.round(xmin), picture.width - 1);
  const y = Math.min(Math.round(ymin), picture.height - 1);
  return { x, y, width: Math.max(1, Math.round(xmax) - x), height: Math.max(1, Math.round(ymax) - y) };
}
