import { DecantError } from '../errors.ts';
import type { Size } from '../image/image.ts';
import type { Rect } from '../image/geometry.ts';

/** Tiling of a large image, so that small objects are large enough for the model. Sizes in pixels. */
export interface Tiles extends Size {
  /** Fraction of a tile shared with its neighbor, 0..0.9; 0.2 by default. Smaller objects are complete in one of the two. */
  readonly overlap?: number | undefined;
}

const OVERLAP = 0.2;

/** In pixels; models detect nothing in less. */
const MIN_SIDE = 16;

export function checkTiles({ width, height, overlap = OVERLAP }: Tiles): void {
  if (!(overlap >= 0 && overlap <= 0.9)) {
    throw new DecantError('invalid-argument', `the overlap of tiles must be between 0 and 0.9, got ${overlap}`);
  }
  if (![width, height].every(size => Number.isInteger(size) && size >= MIN_SIDE)) {
    throw new DecantError(
      'invalid-argument',
      `the sides of a tile must be whole numbers of at least ${MIN_SIDE} pixels, got ${width} x ${height}`,
    );
  }
}

/**
 * Returns tiles that cover an image, row by row. They are as large as requested, but not larger than the image; the last ones
 * of a row or column are aligned with its edge.
 */
export function tilesOf(image: Size, tiles: Tiles): readonly Rect[] {
  checkTiles(tiles);
  const { width, height, overlap = OVERLAP } = tiles;
  const columns = starts(image.width, width, overlap);
  const rows = starts(image.height, height, overlap);
  return rows.flatMap(y =>
    columns.map(x => ({ x, y, width: Math.min(width, image.width), height: Math.min(height, image.height) })),
  );
}

function starts(length: number, tile: number, overlap: number): readonly number[] {
  if (length <= tile) return [0];
  const step = Math.max(1, Math.floor(tile * (1 - overlap)));
  const count = Math.ceil((length - tile) / step) + 1;
  return Array.from({ length: count }, (_, i) => Math.min(i * step, length - tile));
}
