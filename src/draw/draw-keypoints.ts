import { type Color, textColorOn, toCss } from './class-color.ts';
import { COCO_SKELETON } from '../labels/coco-keypoints.ts';
import type { Keypoint } from '../detect/keypoint.ts';
import { type Overlay, overlayAround, strokeLines } from './overlay.ts';

const MIN_SCORE = 0.3;

/** In line widths. */
const RADIUS = 1.5;

export function keypointOverlays(keypoints: readonly Keypoint[], lineWidth: number, color: Color): readonly Overlay[] {
  const confident = keypoints.filter(({ x, y, score }) => score >= MIN_SCORE && Number.isFinite(x + y));
  const byName = new Map(confident.map(keypoint => [keypoint.name, keypoint]));
  const lines = COCO_SKELETON.flatMap(names => {
    const [from, to] = names.map(name => byName.get(name));
    return from === undefined || to === undefined ? [] : [line(from, to, lineWidth, color)];
  });
  return [...lines, ...confident.map(point => dot(point, lineWidth, color))];
}

const line = (from: Keypoint, to: Keypoint, lineWidth: number, color: Color): Overlay =>
  overlayAround([from, to], lineWidth, context => strokeLines(context, [from, to], lineWidth, toCss(color)));

const dot = (point: Keypoint, lineWidth: number, color: Color): Overlay =>
  overlayAround([point], (RADIUS + 1) * lineWidth, context => {
    context.beginPath();
    context.arc(point.x, point.y, RADIUS * lineWidth, 0, 2 * Math.PI);
    context.fillStyle = toCss(color);
    context.fill();
    context.lineWidth = Math.max(1, lineWidth / 2);
    context.strokeStyle = toCss(textColorOn(color));
    context.stroke();
  });
