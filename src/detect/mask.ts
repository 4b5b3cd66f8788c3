import { type Box, clipBox, nearestPixels, type Rect } from '../image/geometry.ts';
import type { Area } from '../preprocess/geometry.ts';
import type { Size } from '../image/image.ts';
import { type RunLengths, runLengths } from './run-length.ts';

/** Pixels of an object within a rectangle of the image; `data` is `[height, width]`, 1 inside the object, 0 outside. */
export class Mask implements Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly imageSize: Size;

  constructor({ x, y, width, height }: Rect, data: Uint8Array, imageSize: Size) {
    this.x = x;
    this.y = y;
    this.width = width;
    this.height = height;
    this.data = data;
    this.imageSize = imageSize;
  }

  /** Serializes to COCO's run-length encoding of the whole image. */
  toJSON(): RunLengths {
    return runLengths(this.imageSize, this, this.data);
  }
}

/** Masks predicted by a model: per detection, a grid of probabilities over its box, `[N, height, width]`. */
export interface SoftMasks extends Size {
  readonly data: ArrayLike<number>;
  /**
   * The area that each grid covers instead of its box, in fractions of the image. Such grids hold logits, at the centers of
   * their cells.
   */
  readonly over?: Area | undefined;
  /**
   * Whether numbers are at the centers of cells, with a border of zeros around the box, and the outer edges of the border are
   * whole pixels; otherwise the outer grid lines are the edges of the box.
   */
  readonly hasBorder?: boolean | undefined;
}

/**
 * Interpolates the grid of a detection over its box, and keeps the pixels of `area` that reach the threshold.
 *
 * @param box in pixels, not clipped to the image
 */
export function toMask(
  masks: SoftMasks,
  detection: number,
  box: Box,
  area: Rect,
  imageSize: Size,
  threshold: number,
): Mask {
  const { over, hasBorder = false } = masks;
  const least = over === undefined ? threshold : Math.log(threshold / (1 - threshold));
  const [left, right, top0, bottom0] = edgesOf(masks, box, imageSize);
  const inset = over === undefined && !hasBorder ? 1 : 0;
  const columns = samples(area.x, area.width, left, right, masks.width, inset);
  const rows = samples(area.y, area.height, top0, bottom0, masks.height, inset);
  const start = detection * masks.width * masks.height;
  const data = new Uint8Array(area.width * area.height);
  let at = 0;
  for (const { first: above, second: below, weight: down } of rows) {
    const top = start + above * masks.width;
    const bottom = start + below * masks.width;
    for (const { first, second, weight } of columns) {
      const upper = mix(masks.data[top + first]!, masks.data[top + second]!, weight);
      const lower = mix(masks.data[bottom + first]!, masks.data[bottom + second]!, weight);
      data[at++] = mix(upper, lower, down) >= least ? 1 : 0;
    }
  }
  return new Mask(area, data, imageSize);
}

/** The pixels that a mask may have: those of the box, or of the whole pixels of a border. */
export function maskArea(masks: SoftMasks, unclipped: Box, box: Box, image: Size): Rect {
  if (masks.over !== undefined || masks.hasBorder !== true) return nearestPixels(box, image);
  const [xmin, xmax, ymin, ymax] = edgesOf(masks, unclipped, image);
  return nearestPixels(clipBox({ xmin, ymin, xmax, ymax }, image) ?? box, image);
}

type Edges = readonly [left: number, right: number, top: number, bottom: number];

/** The edges of what a grid covers, in pixels of the image. */
function edgesOf({ over, hasBorder = false, width, height }: SoftMasks, box: Box, image: Size): Edges {
  if (over !== undefined) {
    const left = over.x * image.width;
    const top = over.y * image.height;
    return [left, left + over.width * image.width, top, top + over.height * image.height];
  }
  if (!hasBorder) return [box.xmin, box.xmax, box.ymin, box.ymax];
  const scale = Math.max(width / (width - 2), height / (height - 2));
  return [...wholePixels(box.xmin, box.xmax, scale), ...wholePixels(box.ymin, box.ymax, scale)];
}

/** A side that is widened around its center, in whole pixels: both that its ends are in, rounded towards 0. */
function wholePixels(low: number, high: number, scale: number): readonly [low: number, high: number] {
  const center = (low + high) / 2;
  const half = ((high - low) / 2) * scale;
  const first = Math.trunc(center - half);
  return [first, Math.max(Math.trunc(center + half), first) + 1];
}

const mix = (a: number, b: number, weight: number): number => a + (b - a) * weight;

interface Sample {
  readonly first: number;
  readonly second: number;
  readonly weight: number;
}

/**
 * Returns the two neighboring grid lines, and the weight of the second, for the center of each of `count` pixels from
 * `start`; between `low` and `high` are the spaces of all `lines` but `inset`: 0 if they are the centers of cells, 1 if the outer
 * ones are the edges.
 */
function samples(
  start: number,
  count: number,
  low: number,
  high: number,
  lines: number,
  inset: number,
): readonly Sample[] {
  return Array.from({ length: count }, (_, i) => {
    const along = (start + i + 0.5 - low) / (high - low);
    const position = along * (lines - inset) + (inset - 1) / 2;
    const inside = Math.min(Math.max(position, 0), lines - 1);
    const first = Math.floor(inside);
    return { first, second: Math.min(first + 1, lines - 1), weight: inside - first };
  });
}
