import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Color, textColorOn, toCss } from './class-color.ts';
import { COCO_SKELETON } from '../labels/coco-keypoints.ts';
import type { Keypoint } from '../detect/keypoint.ts';
import type { Overlay } from './overlay.ts';

/** Below this, networks tell where a point might be rather than where it is. */
const LEAST_SCORE = 0.3;

/** A dot's radius, in widths of a line. */
const RADIUS = 1.5;

/** Dots for the points that the network is sure of, and between COCO's points the lines of a skeleton. */
export function keypointOverlays(keypoints: readonly Keypoint[], lineWidth: number, color: Color): readonly Overlay[] {
  const sure = keypoints.filter(({ x, y, score }) => score >= LEAST_SCORE && Number.isFinite(x + y));
  const named = new Map(sure.map(keypoint => [keypoint.name, keypoint]));
  const lines = COCO_SKELETON.flatMap(names => {
    const [from, to] = names.map(name => named.get(name));
    return from === undefined || to === undefined ? [] : [line(from, to, lineWidth, color)];
  });
  return [...lines, ...sure.map(point => dot(point, lineWidth, color))];
}

const line = (from: Keypoint, to: Keypoint, lineWidth: number, color: Color): Overlay =>
  mark([from, to], lineWidth, context => {
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.lineWidth = lineWidth;
    context.lineCap = 'round';
    context.strokeStyle = toCss(color);
    context.stroke();
  });

/** A disc with a rim that stands out against it. */
const dot = (point: Keypoint, lineWidth: number, color: Color): Overlay =>
  mark([point], (RADIUS + 1) * lineWidth, context => {
    context.beginPath();
    context.arc(point.x, point.y, RADIUS * lineWidth, 0, 2 * Math.PI);
    context.fillStyle = toCss(color);
    context.fill();
    context.lineWidth = Math.max(1, lineWidth / 2);
    context.strokeStyle = toCss(textColorOn(color));
    context.stroke();
  });

/** What reaches no further than `reach` from any of the points. */
function mark(points: readonly Keypoint[], reach: number, draw: (context: SKRSContext2D) => void): Overlay {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const x = Math.floor(Math.min(...xs) - reach);
  const y = Math.floor(Math.min(...ys) - reach);
  const width = Math.ceil(Math.max(...xs) + reach) - x;
  const height = Math.ceil(Math.max(...ys) + reach) - y;
  return { area: { x, y, width, height }, draw };
}
