import { crop } from '../image/crop.ts';
import type { DetectedImage, DetectImageOptions, Timings } from './detect-image.ts';
import { select } from './detection.ts';
import type { Image } from '../image/image.ts';
import { type TileResult, mergeTiles } from './merge-tiles.ts';
import type { Rect } from '../image/geometry.ts';
import { mapAhead } from '../pipeline/map-ahead.ts';

/**
 * Detects objects in an image and in tiles of it, several at once, and merges the results: large objects come from the whole
 * image, small ones from tiles. Timings are sums.
 */
export async function detectTiles(
  image: Image,
  tiles: readonly Rect[],
  detect: (image: Image, options: DetectImageOptions) => Promise<DetectedImage>,
  { maxDetections, ...options }: DetectImageOptions,
  concurrency: number,
): Promise<DetectedImage> {
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const results = mapAhead(
    [whole, ...tiles],
    async tile => ({ tile, ...(await detect(tile === whole ? image : crop(image, tile), options)) }),
    { concurrency },
  );
  const all: (DetectedImage & TileResult)[] = [];
  for await (const each of results) all.push(each);
  const total = (step: keyof Timings): number => all.reduce((sum, { timings }) => sum + timings[step], 0);
  return {
    detections: select(mergeTiles(all, image), { maxDetections }),
    timings: { prepare: total('prepare'), infer: total('infer'), decode: total('decode') },
  };
}
