import { countsOf, type RunLengths } from '../../src/detect/run-length.ts';
import type { Keypoint } from '../../src/detect/keypoint.ts';
import { type Color, textColorOn, toCss } from '../../src/draw/class-color.ts';
import { COCO_SKELETON } from '../../src/labels/coco-keypoints.ts';
import type { Point } from '../../src/track/regions.ts';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const OPACITY = 0.4;

/** Keypoints of a lower score are guesses. */
const LOWEST_KEYPOINT = 0.3;

/** Fills the pixels of a mask, which are runs down its columns. */
export function fillMask(context: Context, { size: [height, width], counts }: RunLengths, color: Color): void {
  const across = context.canvas.width / width;
  const down = context.canvas.height / height;
  context.fillStyle = toCss(color, OPACITY);
  context.beginPath();
  let start = 0;
  countsOf(counts).forEach((count, i) => {
    const end = start + count;
    // A run goes on at the top of the next column.
    for (let at = start; i % 2 === 1 && at < end; at += height - (at % height)) {
      const x = Math.floor(at / height);
      const top = at % height;
      const bottom = Math.min(top + end - at, height);
      const left = Math.round(x * across);
      const upper = Math.round(top * down);
      context.rect(left, upper, Math.round((x + 1) * across) - left, Math.round(bottom * down) - upper);
    }
    start = end;
  });
  context.fill();
}

/** Draws keypoints, and the limbs between those of a person. `points` are in pixels of the canvas. */
export function drawKeypoints(context: Context, points: readonly Keypoint[], line: number, color: Color): void {
  const sure = points.filter(({ score }) => score >= LOWEST_KEYPOINT);
  const byName = new Map(sure.map(point => [point.name, point]));
  context.strokeStyle = toCss(color);
  context.lineWidth = line;
  for (const names of COCO_SKELETON) {
    const [from, to] = names.map(name => byName.get(name));
    if (from !== undefined && to !== undefined) strokePath(context, [from, to]);
  }
  for (const { x, y } of sure) {
    context.beginPath();
    context.arc(x, y, 1.5 * line, 0, 2 * Math.PI);
    context.fillStyle = toCss(color);
    context.fill();
    context.lineWidth = Math.max(1, line / 2);
    context.strokeStyle = toCss(textColorOn(color));
    context.stroke();
  }
}

export function strokePath(context: Context, points: readonly Point[]): void {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  context.stroke();
}
