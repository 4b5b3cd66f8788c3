import type { Size } from './image.ts';

/** Edges in fractional pixels of the original image, inside it: 0 <= xmin < xmax <= width, likewise for y. */
export interface Box {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

/** A rectangle in whole pixels. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

export const toBox = ({ x, y, width, height }: Rect): Box => ({
  xmin: x,
  ymin: y,
  xmax: x + width,
  ymax: y + height,
});

/** Returns the part of `box` inside the image; undefined if that is empty or an edge is NaN. */
export function clipBox(box: Box, { width, height }: Size): Box | undefined {
  const xmin = Math.max(box.xmin, 0);
  const ymin = Math.max(box.ymin, 0);
  const xmax = Math.min(box.xmax, width);
  const ymax = Math.min(box.ymax, height);
  return xmin < xmax && ymin < ymax ? { xmin, ymin, xmax, ymax } : undefined;
}

export const boxArea = ({ xmin, ymin, xmax, ymax }: Box): number => (xmax - xmin) * (ymax - ymin);

export function boxIntersection(a: Box, b: Box): number {
  const width = Math.min(a.xmax, b.xmax) - Math.max(a.xmin, b.xmin);
  const height = Math.min(a.ymax, b.ymax) - Math.max(a.ymin, b.ymin);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Returns intersection over union, 0..1. Boxes may be inverted (xmax < xmin): such a box overlaps nothing. */
export function boxIou(a: Box, b: Box): number {
  const intersection = boxIntersection(a, b);
  return intersection === 0 ? 0 : intersection / (boxArea(a) + boxArea(b) - intersection);
}

/** Rounds a box inside the image to whole pixels: at least one, and all of them inside. */
export function nearestPixels({ xmin, ymin, xmax, ymax }: Box, image: Size): Rect {
  const x = Math.min(Math.round(xmin), image.width - 1);
  const y = Math.min(Math.round(ymin), image.height - 1);
  return { x, y, width: Math.max(1, Math.round(xmax) - x), height: Math.max(1, Math.round(ymax) - y) };
}
