import type { Size } from '../image/image.ts';
import { rectOverlap, type Rect } from '../image/geometry.ts';

/**
 * Where labels of the given sizes stand at their boxes: above the box where the picture has room, otherwise inside it, and
 * elsewhere along its edges where a label before it stands in the way. Each one is wholly inside the picture where it fits.
 */
export function placeLabels(boxes: readonly Rect[], sizes: readonly Size[], picture: Size): readonly Rect[] {
  const placed: Rect[] = [];
  boxes.forEach((box, i) => {
    const hidden = (place: Rect): number => placed.reduce((sum, other) => sum + rectOverlap(place, other), 0);
    const places = placesAt(box, sizes[i]!, picture);
    placed.push(places.reduce((best, place) => (hidden(place) < hidden(best) ? place : best)));
  });
  return placed;
}

/** The places at the box, best first; at least one. */
function placesAt(box: Rect, { width, height }: Size, picture: Size): readonly Rect[] {
  const left = clamp(box.x, picture.width - width);
  const right = clamp(box.x + box.width - width, picture.width - width);
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
  ].filter(({ y }) => y >= 0 && y + height <= picture.height);
  return places.length > 0 ? places : [{ x: left, y: clamp(top, picture.height - height), width, height }];
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));
