import type { Size } from '../../image/image.ts';
import type { AnchorGrid } from './head-description.ts';

/** Returns the anchors of all levels, rows and columns: `[N, 4]`, ymin, xmin, ymax, xmax in pixels. */
export function anchorBoxes({ minLevel, maxLevel, sizes, aspectRatios }: AnchorGrid, image: Size): Float32Array {
  const boxes: number[] = [];
  for (let level = minLevel; level <= maxLevel; level++) {
    const rows = Math.ceil(image.height / 2 ** level);
    const columns = Math.ceil(image.width / 2 ** level);
    const stride = { y: image.height / rows, x: image.width / columns };
    const halves = sizes.flatMap(size =>
      aspectRatios.map(ratio => ({
        y: (size * stride.y) / Math.sqrt(ratio) / 2,
        x: (size * stride.x * Math.sqrt(ratio)) / 2,
      })),
    );
    for (let row = 0; row < rows; row++) {
      const y = (row + 0.5) * stride.y;
      for (let column = 0; column < columns; column++) {
        const x = (column + 0.5) * stride.x;
        for (const half of halves) boxes.push(y - half.y, x - half.x, y + half.y, x + half.x);
      }
    }
  }
  return Float32Array.from(boxes);
}
