import type { Detection } from '../../src/detect/detection.ts';
import { classColor, textColorOn, toCss } from '../../src/draw/class-color.ts';
import type { Size } from '../../src/image/image.ts';

/** Share of the canvas's longer side that lines and letters take. */
const LINE = 1 / 400;
const LETTER = 1 / 55;

/** Draws boxes with names and scores; with a marked one, the others fade. `size` is that of the detections' image. */
export function drawBoxes(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  size: Size,
  detections: readonly Detection[],
  marked?: Detection,
): void {
  const { width, height } = context.canvas;
  const longer = Math.max(width, height);
  const line = Math.max(1.5, longer * LINE);
  const letter = Math.max(11, longer * LETTER);
  context.save();
  context.font = `600 ${letter}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  // The best come last, on top.
  for (const detection of detections.toReversed()) {
    const { box, classId, label, score, keypoints = [] } = detection;
    const isFaded = marked !== undefined && marked !== detection;
    const color = classColor(classId);
    const x = (box.xmin * width) / size.width;
    const y = (box.ymin * height) / size.height;
    context.globalAlpha = isFaded ? 0.25 : 1;
    context.strokeStyle = context.fillStyle = toCss(color);
    context.lineWidth = detection === marked ? 2 * line : line;
    context.strokeRect(
      x,
      y,
      ((box.xmax - box.xmin) * width) / size.width,
      ((box.ymax - box.ymin) * height) / size.height,
    );
    for (const point of keypoints) {
      context.beginPath();
      context.arc((point.x * width) / size.width, (point.y * height) / size.height, 2 * line, 0, 2 * Math.PI);
      context.fill();
    }
    const text = `${label} ${Math.round(100 * score)} %`;
    const textWidth = context.measureText(text).width + letter * 0.6;
    const textHeight = letter * 1.4;
    const left = Math.max(0, Math.min(x - line / 2, width - textWidth));
    const top = y >= textHeight ? y - textHeight : y;
    context.fillRect(left, top, textWidth, textHeight);
    context.fillStyle = toCss(textColorOn(color));
    context.fillText(text, left + letter * 0.3, top + textHeight / 2);
  }
  context.restore();
}

/** Returns the smallest detection at a point, in pixels of the image. */
export function detectionAt(detections: readonly Detection[], x: number, y: number): Detection | undefined {
  const area = ({ box }: Detection): number => (box.xmax - box.xmin) * (box.ymax - box.ymin);
  return detections
    .filter(({ box }) => x >= box.xmin && x <= box.xmax && y >= box.ymin && y <= box.ymax)
    .reduce<Detection | undefined>(
      (best, detection) => (best === undefined || area(detection) < area(best) ? detection : best),
      undefined,
    );
}
