import type { Size } from '../../image/image.ts';
import type { AnchorGrid } from './head-description.ts';

/** Returns the anchors of all levels, rows and columns: `[N, 4]`, ymin, xmin, ymax, xmax in pixels. */
export function anchorBoxes(grid: AnchorGrid, image: Size): Float32Array {
  const { minLevel, maxLevel, sizes, aspectRatios, clip = false } = grid;
  const inside = (edge: number, limit: number): number => (clip ? Math.max(Math.min(edge, limit), 0) : edge);
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
        for (const half of halves) {
          const [ymin, ymax] = [y - half.y, y + half.y].map(edge => inside(edge, image.height));
          const [xmin, xmax] = [x - half.x, x + half.x].map(edge => inside(edge, image.width));
          boxes.push(ymin!, xmin!, ymax!, xmax!);
        }
      }
    }
  }
  return Float32Array.from(boxes);
}
