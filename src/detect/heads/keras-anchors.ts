import type { Size } from '../../image/image.ts';

/** ymin, xmin, ymax, xmax in pixels. */
type Corners = readonly [number, number, number, number];

const LEVELS = [3, 4, 5, 6, 7];

/** Heights divided by widths, or the other way round. */
const RATIOS = [0.5, 1, 2];
const SCALES = [0, 1, 2].map(third => 2 ** (third / 3));

/** Base size of anchors, as a multiple of the stride. */
const SIZE = 4;

/**
 * Anchors of KerasHub's RetinaNet with its default `AnchorGenerator`: around the first corner of each cell, all scales of each
 * ratio, with edges that are whole pixels.
 */
export function kerasHubAnchors(image: Size): readonly Corners[] {
  return LEVELS.flatMap(level => {
    const stride = 2 ** level;
    const rows = Math.ceil(image.height / stride);
    const columns = Math.ceil(image.width / stride);
    const halves = RATIOS.map(ratio => Math.fround(Math.sqrt(ratio))).flatMap(root =>
      SCALES.map(scale => Math.floor(SIZE * stride * scale)).map(size => ({
        y: roundHalfToEven(Math.fround(root * size) / 2),
        x: roundHalfToEven(Math.fround(Math.fround(1 / root) * size) / 2),
      })),
    );
    const step = { y: Math.floor(image.height / rows), x: Math.floor(image.width / columns) };
    return cellsOf(rows, columns).flatMap(({ row, column }) =>
      halves.map(half => around(row * step.y, column * step.x, half)),
    );
  });
}

/** Anchors of KerasCV's RetinaNet: around the center of each cell, all ratios of each scale, cut off at the image's edges. */
export function kerasCvAnchors(image: Size): readonly Corners[] {
  const inside = (edge: number, limit: number): number => Math.max(Math.min(edge, limit), 0);
  return LEVELS.flatMap(level => {
    const stride = 2 ** level;
    const halves = SCALES.flatMap(scale =>
      RATIOS.map(ratio => Math.sqrt(ratio)).map(root => ({
        y: (SIZE * stride * scale) / root / 2,
        x: (SIZE * stride * scale * root) / 2,
      })),
    );
    const cells = cellsOf(Math.ceil(image.height / stride), Math.ceil(image.width / stride));
    return cells.flatMap(({ row, column }) =>
      halves.map(half => {
        const [ymin, xmin, ymax, xmax] = around((row + 0.5) * stride, (column + 0.5) * stride, half);
        const { height, width } = image;
        return [inside(ymin, height), inside(xmin, width), inside(ymax, height), inside(xmax, width)] as const;
      }),
    );
  });
}

/** Cells of a grid, row by row. */
export const cellsOf = (rows: number, columns: number): readonly { readonly row: number; readonly column: number }[] =>
  Array.from({ length: rows * columns }, (_, i) => ({ row: Math.floor(i / columns), column: i % columns }));

const around = (y: number, x: number, half: { readonly y: number; readonly x: number }): Corners => [
  y - half.y,
  x - half.x,
  y + half.y,
  x + half.x,
];

function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  return value - down === 0.5 ? down + (down % 2) : Math.round(value);
}
