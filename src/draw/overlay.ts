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
