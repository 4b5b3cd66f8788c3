import { type Color, toCss } from './class-color.ts';
import { fillRect, type Overlay } from './overlay.ts';
import type { Mask } from '../detect/mask.ts';
import type { Rect } from '../image/geometry.ts';

const OPACITY = 0.4;

export function maskOverlay(mask: Mask, lineWidth: number, color: Color): Overlay {
  const inner = erode(mask, lineWidth);
  const outline = runs(mask, i => mask.data[i] === 1 && inner[i] === 0);
  const inside = runs(mask, i => inner[i] === 1);
  return {
    area: mask,
    draw(context) {
      for (const run of inside) fillRect(context, run, toCss(color, OPACITY));
      for (const run of outline) fillRect(context, run, toCss(color));
    },
  };
}

function runs({ x, y, width, height }: Rect, test: (pixel: number) => boolean): readonly Rect[] {
  const rects: Rect[] = [];
  for (let row = 0; row < height; row++) {
    for (let start = 0, column = 0; column <= width; column++) {
      if (column < width && test(row * width + column)) continue;
      if (column > start) rects.push({ x: x + start, y: y + row, width: column - start, height: 1 });
      start = column + 1;
    }
  }
  return rects;
}

function erode({ width, height, data }: Mask, margin: number): Uint8Array {
  const inner = data.slice();
  for (let row = 0; row < height; row++) erodeLine(inner, row * width, 1, width, margin);
  for (let column = 0; column < width; column++) erodeLine(inner, column, width, height, margin);
  return inner;
}

function erodeLine(data: Uint8Array, first: number, step: number, count: number, margin: number): void {
  for (let start = 0, at = 0; at <= count; at++) {
    if (at < count && data[first + at * step] === 1) continue;
    for (let i = start; i < at; i++) {
      if (i < start + margin || i >= at - margin) data[first + i * step] = 0;
    }
    start = at + 1;
  }
}
