import { DecantError } from '../errors.ts';
import type { Size } from '../image/image.ts';
import type { Rect } from '../image/geometry.ts';

/** How a large picture is cut, so that small objects in it are large enough for the network. */
export interface Tiles extends Size {
  /** The share of a tile that its neighbour sees too, 0..0.9; 0.2 by default. An object that small is whole in one of them. */
  readonly overlap?: number | undefined;
}

const OVERLAP = 0.2;

/** Networks see nothing in less. */
const MIN_SIDE = 16;

/** @throws DecantError `invalid-argument` for tiles without pixels, or that hardly move */
export function checkTiles({ width, height, overlap = OVERLAP }: Tiles): void {
  if (!(overlap >= 0 && overlap <= 0.9)) {
    throw new DecantError('invalid-argument', `tiles overlap by a share from 0 to 0.9, not by ${overlap}`);
  }
  if (![width, height].every(size => Number.isInteger(size) && size >= MIN_SIDE)) {
    throw new DecantError('invalid-argument', `a tile of ${width} x ${height} pixels is too small`, {
      remedy: `Give whole numbers from ${MIN_SIDE} on.`,
    });
  }
}

/**
 * Tiles that cover a picture, row by row. All have the size that is asked for, or that of the picture where it is smaller;
 * the last ones of a row or column end where the picture ends.
 *
 * @throws DecantError `invalid-argument`
 */
export function tilesOf(picture: Size, tiles: Tiles): readonly Rect[] {
  checkTiles(tiles);
  const { width, height, overlap = OVERLAP } = tiles;
  const columns = starts(picture.width, width, overlap);
  const rows = starts(picture.height, height, overlap);
  return rows.flatMap(y =>
    columns.map(x => ({ x, y, width: Math.min(width, picture.width), height: Math.min(height, picture.height) })),
  );
}

function starts(length: number, tile: number, overlap: number): readonly number[] {
  if (length <= tile) return [0];
  const step = Math.max(1, Math.floor(tile * (1 - overlap)));
  const count = Math.ceil((length - tile) / step) + 1;
  return Array.from({ length: count }, (_, i) => Math.min(i * step, length - tile));
}
