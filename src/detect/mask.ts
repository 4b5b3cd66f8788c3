import type { Box, Rect } from '../image/geometry.ts';
import type { Size } from '../image/image.ts';
import { type RunLengths, runLengths } from './run-length.ts';

/** The pixels of an object: a rectangle of the picture, in whole pixels, and which of those in it belong. */
export class Mask implements Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `height` rows of `width` pixels, 1 for those of the object and 0 for others. */
  readonly data: Uint8Array;
  /** The whole picture's. */
  readonly picture: Size;

  constructor({ x, y, width, height }: Rect, data: Uint8Array, picture: Size) {
    this.x = x;
    this.y = y;
    this.width = width;
    this.height = height;
    this.data = data;
    this.picture = picture;
  }

  /** In JSON it stands in COCO's run-length encoding, which is short and knows the whole picture. */
  toJSON(): RunLengths {
    return runLengths(this.picture, this, this.data);
  }
}

/** Masks as networks give them: for each detection a grid over its box of how likely the object is there, 0..1. */
export interface SoftMasks extends Size {
  readonly data: ArrayLike<number>;
}

/**
 * Lays the grid of a detection over its box and takes the pixels of `area` where it reaches the threshold. The outer lines
 * of the grid lie on the box's edges, as they do where such networks are trained.
 *
 * @param box in pixels, not cut at the picture's edges
 */
export function toMask(masks: SoftMasks, row: number, box: Box, area: Rect, picture: Size, threshold: number): Mask {
  const columns = neighbours(area.x, area.width, box.xmin, box.xmax, masks.width);
  const rows = neighbours(area.y, area.height, box.ymin, box.ymax, masks.height);
  const start = row * masks.width * masks.height;
  const data = new Uint8Array(area.width * area.height);
  let at = 0;
  for (const { first: above, second: below, weight: down } of rows) {
    const top = start + above * masks.width;
    const bottom = start + below * masks.width;
    for (const { first, second, weight } of columns) {
      const upper = mix(masks.data[top + first]!, masks.data[top + second]!, weight);
      const lower = mix(masks.data[bottom + first]!, masks.data[bottom + second]!, weight);
      data[at++] = mix(upper, lower, down) >= threshold ? 1 : 0;
    }
  }
  return new Mask(area, data, picture);
}

const mix = (a: number, b: number, weight: number): number => a + (b - a) * weight;

interface Neighbours {
  readonly first: number;
  readonly second: number;
  /** The second one's share. */
  readonly weight: number;
}

/** For each of `count` pixels from `start` on the two of `lines` grid lines, from `low` to `high`, around its centre. */
function neighbours(start: number, count: number, low: number, high: number, lines: number): readonly Neighbours[] {
  return Array.from({ length: count }, (_, i) => {
    const position = ((start + i + 0.5 - low) / (high - low)) * (lines - 1);
    const inside = Math.min(Math.max(position, 0), lines - 1);
    const first = Math.floor(inside);
    return { first, second: Math.min(first + 1, lines - 1), weight: inside - first };
  });
}
