import { crop } from '../image/crop.ts';
import type { DetectedImage, DetectImageOptions } from './detect-image.ts';
import { select } from './detection.ts';
import type { Image } from '../image/image.ts';
import { type TileResult, mergeTiles } from './merge-tiles.ts';
import type { Rect } from '../image/geometry.ts';
import { mapAhead } from '../pipeline/map-ahead.ts';

/**
 * Looks at a picture and at parts of it, several at once, and joins what was found. Large objects are found in the whole
 * picture, small ones in the parts. The times are those of all looks together.
 */
export async function detectTiles(
  image: Image,
  tiles: readonly Rect[],
  look: (image: Image, options: DetectImageOptions) => Promise<DetectedImage>,
  { maxDetections, ...options }: DetectImageOptions,
  concurrency: number,
): Promise<DetectedImage> {
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const looks = mapAhead(
    [whole, ...tiles],
    async part => ({ part, ...(await look(part === whole ? image : crop(image, part), options)) }),
    { concurrency },
  );
  const all: (DetectedImage & TileResult)[] = [];
  for await (const each of looks) all.push(each);
  const spent = (what: keyof DetectedImage['timings']): number =>
    all.reduce((sum, { timings }) => sum + timings[what], 0);
  return {
    detections: select(mergeTiles(all, image), { maxDetections }),
    timings: { prepare: spent('prepare'), infer: spent('infer'), decode: spent('decode') },
  };
}
