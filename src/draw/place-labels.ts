import type { Size } from '../image/image.ts';
import { boxIntersection, type Rect, toBox } from '../image/geometry.ts';

/**
 * Places a label of the given size at each box: above it if the image has room, else inside, or elsewhere along its edges to
 * avoid earlier labels. Labels stay inside the image if they fit.
 */
export function placeLabels(boxes: readonly Rect[], sizes: readonly Size[], image: Size): readonly Rect[] {
  const placed: Rect[] = [];
  boxes.forEach((box, i) => {
    const overlap = (place: Rect): number =>
      placed.reduce((sum, other) => sum + boxIntersection(toBox(place), toBox(other)), 0);
    const places = placesAt(box, sizes[i]!, image);
    placed.push(places.reduce((best, place) => (overlap(place) < overlap(best) ? place : best)));
  });
  return placed;
}

function placesAt(box: Rect, { width, height }: Size, image: Size): readonly Rect[] {
  const left = clamp(box.x, image.width - width);
  const right = clamp(box.x + box.width - width, image.width - width);
  const above = box.y - height;
  const top = box.y;
  const bottom = box.y + box.height - height;
  const below = box.y + box.height;
  const places = [
    { x: left, y: above, width, height },
    { x: left, y: top, width, height },
    { x: left, y: below, width, height },
    { x: right, y: above, width, height },
    { x: left, y: bottom, width, height },
    { x: right, y: top, width, height },
    { x: right, y: below, width, height },
    { x: right, y: bottom, width, height },
  ].filter(({ y }) => y >= 0 && y + height <= image.height);
  return places.length > 0 ? places : [{ x: left, y: clamp(top, image.height - height), width, height }];
}

const clamp = (value: number, max: number): number => Math.max(0, Math.min(value, max));
