import { classColor, textColorOn, toCss } from '../../src/draw/class-color.ts';
import type { Size } from '../../src/image/image.ts';
import type { Point } from '../../src/track/regions.ts';
import type { FoundDetection } from '../server.ts';
import { type Context, drawKeypoints, fillMask, strokePath } from './draw-shapes.ts';

/** Share of the canvas's longer side that lines and letters take. */
const LINE = 1 / 400;
const LETTER = 1 / 55;

/**
 * Draws masks, boxes with names and scores, keypoints and paths; with a marked one, the others fade. `size` is that of the
 * detections' image.
 */
export function drawBoxes(
  context: Context,
  size: Size,
  detections: readonly FoundDetection[],
  marked?: FoundDetection,
): void {
  const { width, height } = context.canvas;
  const onCanvas = <T extends Point>(point: T): T => ({
    ...point,
    x: (point.x * width) / size.width,
    y: (point.y * height) / size.height,
  });
  const line = Math.max(1.5, Math.max(width, height) * LINE);
  const letter = Math.max(11, Math.max(width, height) * LETTER);
  context.save();
  context.font = `600 ${letter}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  context.lineJoin = context.lineCap = 'round';
  // The best come last, on top.
  for (const detection of detections.toReversed()) {
    const { box, classId, keypoints = [], mask, path = [] } = detection;
    const color = classColor(classId);
    const { x, y } = onCanvas({ x: box.xmin, y: box.ymin });
    const corner = onCanvas({ x: box.xmax, y: box.ymax });
    context.globalAlpha = marked !== undefined && marked !== detection ? 0.25 : 1;
    if (mask !== undefined) fillMask(context, mask, color);
    context.strokeStyle = toCss(color);
    context.lineWidth = detection === marked ? 2 * line : line;
    context.strokeRect(x, y, corner.x - x, corner.y - y);
    strokePath(context, path.map(onCanvas));
    drawKeypoints(context, keypoints.map(onCanvas), line, color);
    const text = textOf(detection);
    const textWidth = context.measureText(text).width + letter * 0.6;
    const textHeight = letter * 1.4;
    const left = Math.max(0, Math.min(x - line / 2, width - textWidth));
    const top = y >= textHeight ? y - textHeight : y;
    context.fillStyle = toCss(color);
    context.fillRect(left, top, textWidth, textHeight);
    context.fillStyle = toCss(textColorOn(color));
    context.fillText(text, left + letter * 0.3, top + textHeight / 2);
  }
  context.restore();
}

/** `person 3: 87 %`, with the number of a followed object. */
const textOf = ({ label, trackId, score }: FoundDetection): string =>
  `${label}${trackId === undefined ? '' : ` ${trackId}:`} ${Math.round(100 * score)} %`;

/** Returns the smallest detection at a point, in pixels of the image. */
export function detectionAt(detections: readonly FoundDetection[], x: number, y: number): FoundDetection | undefined {
  const area = ({ box }: FoundDetection): number => (box.xmax - box.xmin) * (box.ymax - box.ymin);
  return detections
    .filter(({ box }) => x >= box.xmin && x <= box.xmax && y >= box.ymin && y <= box.ymax)
    .reduce<FoundDetection | undefined>(
      (best, detection) => (best === undefined || area(detection) < area(best) ? detection : best),
      undefined,
    );
}
