import type { SKRSContext2D } from '@napi-rs/canvas';
import { DecantError } from '../errors.ts';
import { classColor, type Color, textColorOn, toCss } from './class-color.ts';
import type { Detection } from '../detect/detection.ts';
import { keypointOverlays } from './draw-keypoints.ts';
import { maskOverlay } from './draw-mask.ts';
import { encodeImage, type ImageFormat } from '../image/encode-image.ts';
import type { Image, Size } from '../image/image.ts';
import { labelFont, loadCanvas } from './load-canvas.ts';
import { fillRect, type Overlay } from './overlay.ts';
import { placeLabels } from './place-labels.ts';
import { rectOverlap, nearestPixels, type Rect } from '../image/geometry.ts';

/** How detections are drawn, and what the picture is encoded as. */
export interface DrawOptions {
  /** `png` by default. */
  readonly format?: ImageFormat | undefined;
  /** Lines of boxes, masks and skeletons, in pixels; grows with the picture by default. */
  readonly lineWidth?: number | undefined;
  /** The labels' text, in pixels; grows with the picture by default, and shrinks where a label is wider than the picture. */
  readonly textSize?: number | undefined;
}

/** Text below this is not legible; a label that is still too wide is cut at the picture's edge. */
const LEAST_TEXT_SIZE = 7;

/** Ink is drawn in squares of this side, so that a picture of any size needs 16 MB of canvas. */
const TILE = 2048;

/**
 * The picture with a box and a label like `dog 0.87` for each detection, and its mask and keypoints where it has them, best
 * ones on top, as the bytes of a picture file. Classes have colours of their own, the same in every picture.
 *
 * @throws DecantError `invalid-argument` for an option that cannot be, or a format with no room for so large a picture
 */
export async function drawDetections(
  image: Image,
  detections: readonly Detection[],
  options: DrawOptions = {},
): Promise<Uint8Array> {
  return encodeImage(await annotate(image, detections, options), options.format ?? 'png');
}

/**
 * The same as pixels, in a picture of its own: what a `VideoWriter` takes.
 *
 * @throws DecantError `invalid-argument` for an option that cannot be
 */
export async function annotate(
  image: Image,
  detections: readonly Detection[],
  { lineWidth = defaultLineWidth(image), textSize = defaultTextSize(image) }: Omit<DrawOptions, 'format'> = {},
): Promise<Image> {
  checkPositive('line width', lineWidth);
  checkPositive('text size', textSize);
  const canvas = (await loadCanvas()).createCanvas(Math.min(image.width, TILE), Math.min(image.height, TILE));
  const context = canvas.getContext('2d');
  context.lang = 'en';
  const best = [...detections].sort((a, b) => b.score - a.score);
  const boxes = best.map(({ box }) => nearestPixels(box, image));
  const labels = layLabels(context, best, boxes, textSize, image);
  const marks = [
    ...best.flatMap(({ classId, mask }) => (mask ? [maskOverlay(mask, lineWidth, classColor(classId))] : [])).reverse(),
    ...best.flatMap(({ classId }, i) => outline(boxes[i]!, lineWidth, classColor(classId))).reverse(),
    ...best.map(({ classId, keypoints = [] }) => keypointOverlays(keypoints, lineWidth, classColor(classId))).reverse(),
    ...labels.reverse(),
  ].flat();

  const data = image.data.slice();
  for (let y = 0; y < image.height; y += TILE) {
    for (let x = 0; x < image.width; x += TILE) {
      const tile = { x, y, width: Math.min(TILE, image.width - x), height: Math.min(TILE, image.height - y) };
      const inked = marks.filter(({ area }) => rectOverlap(area, tile) > 0);
      if (inked.length === 0) continue;
      context.setTransform(1, 0, 0, 1, -x, -y);
      context.clearRect(x, y, canvas.width, canvas.height);
      for (const mark of inked) mark.draw(context);
      blend(data, image.width, canvas.data(), canvas.width, tile);
    }
  }
  return { ...image, data };
}

const meanSide = ({ width, height }: Size): number => (width + height) / 2;
const defaultLineWidth = (picture: Size): number => Math.round(0.002 * meanSide(picture)) + 1;
const defaultTextSize = (picture: Size): number => Math.round(0.012 * meanSide(picture)) + 8;

function checkPositive(what: string, pixels: number): void {
  if (Number.isInteger(pixels) && pixels > 0) return;
  throw new DecantError('invalid-argument', `the ${what} is a whole number of pixels, not ${pixels}`);
}

/** Lines along the inner side of the box's edges, as filled rectangles: no pixel of them is blurred. */
function outline({ x, y, width, height }: Rect, lineWidth: number, color: Color): readonly Overlay[] {
  const across = Math.min(lineWidth, width);
  const down = Math.min(lineWidth, height);
  return [
    { x, y, width, height: down },
    { x, y: y + height - down, width, height: down },
    { x, y, width: across, height },
    { x: x + width - across, y, width: across, height },
  ].map(area => ({ area, draw: context => fillRect(context, area, toCss(color)) }));
}

function layLabels(
  context: SKRSContext2D,
  detections: readonly Detection[],
  boxes: readonly Rect[],
  textSize: number,
  picture: Size,
): Overlay[] {
  const texts = detections.map(({ label, score }) =>
    fitText(context, `${label} ${score.toFixed(2)}`, textSize, picture),
  );
  const areas = placeLabels(boxes, texts, picture);
  return detections.map(({ classId }, i) => {
    const { text, textSize: size } = texts[i]!;
    const area = areas[i]!;
    const color = classColor(classId);
    return {
      area,
      draw(context) {
        fillRect(context, area, toCss(color));
        context.font = labelFont(size);
        context.fillStyle = toCss(textColorOn(color));
        context.fillText(text, area.x + padding(size), area.y + Math.round((area.height + CAPITAL_HEIGHT * size) / 2));
      },
    };
  });
}

interface Text extends Size {
  readonly text: string;
  readonly textSize: number;
}

/** The share of the text size that capitals and figures of the labels' font are high. */
const CAPITAL_HEIGHT = 0.727;

const padding = (textSize: number): number => Math.round(0.35 * textSize);

/** The text at its size, or smaller where it would be wider than the picture; width and height are those of its label. */
function fitText(context: SKRSContext2D, text: string, textSize: number, picture: Size): Text {
  context.font = labelFont(textSize);
  const width = Math.ceil(context.measureText(text).width) + 2 * padding(textSize);
  if (width > picture.width && textSize > LEAST_TEXT_SIZE) {
    const smaller = Math.min(textSize - 1, Math.floor((textSize * picture.width) / width));
    return fitText(context, text, Math.max(LEAST_TEXT_SIZE, smaller), picture);
  }
  return { text, textSize, width, height: Math.round(1.35 * textSize) };
}

/** Lays a tile's ink (premultiplied RGBA, `inkWidth` pixels a row) over the picture's pixels. */
function blend(data: Uint8Array, width: number, ink: Uint8Array, inkWidth: number, tile: Rect): void {
  for (let row = 0; row < tile.height; row++) {
    let from = row * inkWidth * 4;
    let to = ((tile.y + row) * width + tile.x) * 3;
    for (const end = from + tile.width * 4; from < end; from += 4, to += 3) {
      const alpha = ink[from + 3]!;
      if (alpha === 0) continue;
      for (let channel = 0; channel < 3; channel++) {
        data[to + channel] = ink[from + channel]! + Math.round((data[to + channel]! * (255 - alpha)) / 255);
      }
    }
  }
}
