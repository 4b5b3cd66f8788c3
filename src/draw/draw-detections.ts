import type { SKRSContext2D } from '@napi-rs/canvas';
import { checkArgument, checkOptions, type ChecksOf, listOf, number, object, oneOf, shaped } from '../check.ts';
import { DETECTIONS } from '../detect/check-detections.ts';
import { DecantError } from '../errors.ts';
import { classColor, type Color, textColorOn, toCss } from './class-color.ts';
import type { Detection } from '../detect/detection.ts';
import { keypointOverlays } from './draw-keypoints.ts';
import { maskOverlay } from './draw-mask.ts';
import { IMAGE } from '../image/check-image.ts';
import { encodeImage, type ImageFormat } from '../image/encode-image.ts';
import type { Image, Size } from '../image/image.ts';
import { labelFont, loadCanvas } from './load-canvas.ts';
import { countText, highest, trackOverlays } from './draw-tracks.ts';
import { fillRect, type Overlay } from './overlay.ts';
import { placeLabels } from './place-labels.ts';
import { POINTS, REGIONS } from '../track/regions.ts';
import type { FrameTracks } from '../track/frame-tracks.ts';
import { boxIntersection, nearestPixels, type Rect, toBox } from '../image/geometry.ts';

/**
 * How detections are drawn and the image is encoded, as PNG by default. Line width and text size are in pixels; by default
 * they scale with the image, and text shrinks if a label is wider than the image.
 */
export interface DrawOptions {
  readonly format?: ImageFormat | undefined;
  readonly lineWidth?: number | undefined;
  readonly textSize?: number | undefined;
  /** Paths of objects, and lines and zones with their counts, of a frame of a video. */
  readonly tracks?: FrameTracks | undefined;
}

/** Smaller text is not legible; labels that are still too wide are clipped. */
const MIN_TEXT_SIZE = 7;

/** Overlays are drawn tile by tile, so an image of any size needs 16 MB of canvas. In pixels. */
const TILE = 2048;

/**
 * Draws detections and encodes the image: box, label (`dog 0.87`), and mask and keypoints if present, higher scores on top.
 * A class has the same color in every image.
 *
 * @throws DecantError `invalid-argument` if an option is out of range, or the image too large for the format
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { Detector, drawDetections } from 'decant';
 *
 * using detector = await Detector.load('centernet.json');
 * const { image, detections } = await detector.detect('photo.jpg', { threshold: 0.3 });
 * await writeFile('boxes.png', await drawDetections(image, detections));
 * ```
 */
export async function drawDetections(
  image: Image,
  detections: readonly Detection[],
  options: DrawOptions = {},
): Promise<Uint8Array> {
  checkOptions(options, DRAW_OPTIONS);
  const { format, ...rest } = options;
  return encodeImage(await annotate(image, detections, rest), format ?? 'png');
}

/**
 * Draws detections like `drawDetections` on a copy of the image, for example for a `VideoWriter`.
 *
 * @throws DecantError `invalid-argument` if an option is out of range
 *
 * @example
 * ```ts
 * import { annotate, Detector } from 'decant';
 *
 * using detector = await Detector.load('centernet.json');
 * const { image, detections } = await detector.detect('photo.jpg', { threshold: 0.3 });
 * const drawn = await annotate(image, detections);
 * console.log(drawn.width, drawn.height);
 * ```
 */
export async function annotate(
  image: Image,
  detections: readonly Detection[],
  options: Omit<DrawOptions, 'format'> = {},
): Promise<Image> {
  checkArgument(image, 'the image', IMAGE);
  checkArgument(detections, 'the detections', DETECTIONS);
  checkOptions(options, STYLE);
  const { lineWidth = defaultLineWidth(image), textSize = defaultTextSize(image), tracks } = options;
  checkPositive('line width', lineWidth);
  checkPositive('text size', textSize);
  const canvas = (await loadCanvas()).createCanvas(Math.min(image.width, TILE), Math.min(image.height, TILE));
  const context = canvas.getContext('2d');
  context.lang = 'en';
  const best = [...detections].sort((a, b) => b.score - a.score);
  const boxes = best.map(({ box }) => nearestPixels(box, image));
  const labels = labelOverlays(context, best, boxes, textSize, image);
  const overlays = [
    ...(tracks === undefined ? [] : trackOverlays(tracks, lineWidth)),
    ...best.flatMap(({ classId, mask }) => (mask ? [maskOverlay(mask, lineWidth, classColor(classId))] : [])).reverse(),
    ...best.flatMap(({ classId }, i) => boxOverlays(boxes[i]!, lineWidth, classColor(classId))).reverse(),
    ...best.map(({ classId, keypoints = [] }) => keypointOverlays(keypoints, lineWidth, classColor(classId))).reverse(),
    ...labels.reverse(),
    ...(tracks === undefined ? [] : countOverlays(context, tracks, textSize, image)),
  ].flat();

  const data = image.data.slice();
  for (let y = 0; y < image.height; y += TILE) {
    for (let x = 0; x < image.width; x += TILE) {
      const tile = { x, y, width: Math.min(TILE, image.width - x), height: Math.min(TILE, image.height - y) };
      const visible = overlays.filter(({ area }) => boxIntersection(toBox(area), toBox(tile)) > 0);
      if (visible.length === 0) continue;
      context.setTransform(1, 0, 0, 1, -x, -y);
      context.clearRect(x, y, canvas.width, canvas.height);
      for (const overlay of visible) overlay.draw(context);
      blend(data, image.width, canvas.data(), canvas.width, tile);
    }
  }
  return { ...image, data };
}

const STYLE: ChecksOf<Omit<DrawOptions, 'format'>> = {
  lineWidth: number,
  textSize: number,
  tracks: shaped({ traces: listOf(shaped({ points: POINTS })), regions: REGIONS, counts: object }),
};

const DRAW_OPTIONS: ChecksOf<DrawOptions> = { ...STYLE, format: oneOf('png', 'jpeg', 'webp') };

const meanSide = ({ width, height }: Size): number => (width + height) / 2;
const defaultLineWidth = (image: Size): number => Math.round(0.002 * meanSide(image)) + 1;
const defaultTextSize = (image: Size): number => Math.round(0.012 * meanSide(image)) + 8;

function checkPositive(option: string, pixels: number): void {
  if (Number.isInteger(pixels) && pixels > 0) return;
  throw new DecantError('invalid-argument', `the ${option} must be a positive whole number of pixels, got ${pixels}`);
}

/** Draws lines inside the edges of a box as filled rectangles, which have no blurred pixels. */
function boxOverlays({ x, y, width, height }: Rect, lineWidth: number, color: Color): readonly Overlay[] {
  const across = Math.min(lineWidth, width);
  const down = Math.min(lineWidth, height);
  return [
    { x, y, width, height: down },
    { x, y: y + height - down, width, height: down },
    { x, y, width: across, height },
    { x: x + width - across, y, width: across, height },
  ].map(area => ({ area, draw: context => fillRect(context, area, toCss(color)) }));
}

function labelOverlays(
  context: SKRSContext2D,
  detections: readonly Detection[],
  boxes: readonly Rect[],
  textSize: number,
  image: Size,
): Overlay[] {
  const texts = detections.map(detection => fitText(context, textOf(detection), textSize, image));
  const areas = placeLabels(boxes, texts, image);
  return detections.map(({ classId }, i) => textOverlay(texts[i]!, areas[i]!, classColor(classId)));
}

/** `dog 0.87`, or `#3 dog 0.87` for a tracked object. */
const textOf = ({ label, score, trackId }: Detection): string =>
  `${trackId === undefined ? '' : `#${trackId} `}${label} ${score.toFixed(2)}`;

const WHITE: Color = [255, 255, 255];

/** Draws the counts of lines and zones at their highest points, inside the image. */
function countOverlays(context: SKRSContext2D, tracks: FrameTracks, textSize: number, image: Size): Overlay[] {
  return tracks.regions.map(({ name, points }) => {
    const text = fitText(context, countText(name, tracks.counts[name]!), textSize, image);
    const { x, y } = highest(points);
    const inside = (at: number, size: number, end: number): number => Math.max(0, Math.min(Math.round(at), end - size));
    const { width, height } = text;
    const area = { x: inside(x, width, image.width), y: inside(y - height, height, image.height), width, height };
    return textOverlay(text, area, WHITE);
  });
}

const textOverlay = ({ text, textSize }: Text, area: Rect, color: Color): Overlay => ({
  area,
  draw(context) {
    fillRect(context, area, toCss(color));
    context.font = labelFont(textSize);
    context.fillStyle = toCss(textColorOn(color));
    const baseline = area.y + Math.round((area.height + CAPITAL_HEIGHT * textSize) / 2);
    context.fillText(text, area.x + padding(textSize), baseline);
  },
});

interface Text extends Size {
  readonly text: string;
  readonly textSize: number;
}

/** Height of capitals and digits of the font, as a fraction of the text size. */
const CAPITAL_HEIGHT = 0.727;

const padding = (textSize: number): number => Math.round(0.35 * textSize);

function fitText(context: SKRSContext2D, text: string, textSize: number, image: Size): Text {
  context.font = labelFont(textSize);
  const width = Math.ceil(context.measureText(text).width) + 2 * padding(textSize);
  if (width > image.width && textSize > MIN_TEXT_SIZE) {
    const smaller = Math.min(textSize - 1, Math.floor((textSize * image.width) / width));
    return fitText(context, text, Math.max(MIN_TEXT_SIZE, smaller), image);
  }
  return { text, textSize, width, height: Math.round(1.35 * textSize) };
}

/** Blends a tile of premultiplied RGBA, `overlayWidth` pixels per row, over RGB pixels. */
function blend(data: Uint8Array, width: number, overlay: Uint8Array, overlayWidth: number, tile: Rect): void {
  for (let row = 0; row < tile.height; row++) {
    let from = row * overlayWidth * 4;
    let to = ((tile.y + row) * width + tile.x) * 3;
    for (const end = from + tile.width * 4; from < end; from += 4, to += 3) {
      const alpha = overlay[from + 3]!;
      if (alpha === 0) continue;
      for (let channel = 0; channel < 3; channel++) {
        data[to + channel] = overlay[from + channel]! + Math.round((data[to + channel]! * (255 - alpha)) / 255);
      }
    }
  }
}
