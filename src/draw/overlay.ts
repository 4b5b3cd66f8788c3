import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Rect } from '../image/geometry.ts';

export interface Overlay {
  readonly area: Rect;
  draw(context: SKRSContext2D): void;
}

export function fillRect(context: SKRSContext2D, { x, y, width, height }: Rect, style: string): void {
  context.fillStyle = style;
  context.fillRect(x, y, width, height);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export function strokeLines(context: SKRSContext2D, points: readonly Point[], lineWidth: number, style: string): void {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  context.lineWidth = lineWidth;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = style;
  context.stroke();
}

/** Returns an overlay around points; `margin` is in pixels. */
export function overlayAround(
  points: readonly Point[],
  margin: number,
  draw: (context: SKRSContext2D) => void,
): Overlay {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const x = Math.floor(Math.min(...xs) - margin);
  const y = Math.floor(Math.min(...ys) - margin);
  const width = Math.ceil(Math.max(...xs) + margin) - x;
  const height = Math.ceil(Math.max(...ys) + margin) - y;
  return { area: { x, y, width, height }, draw };
}
