import type { Detection } from '../detect/detection.ts';
import { placeLabels } from '../draw/place-labels.ts';
import { boxIntersection, type Rect, toBox } from '../image/geometry.ts';
import type { Size } from '../image/image.ts';

/** Of the font size. Pages measure no text, so this is the width of wide letters. */
const LETTER = 0.62;
/** Letters of East Asian scripts are as wide as high. */
const WIDE_LETTER = 1.1;

/**
 * Returns places of labels that do not overlap, the best detections first. There is none for a label without room: its box
 * names it where the pointer is, and the list below the image.
 */
export function freePlaces(
  detections: readonly Detection[],
  texts: readonly string[],
  fontSize: number,
  image: Size,
): readonly (Rect | undefined)[] {
  const rects = detections.map(({ box: { xmin, ymin, xmax, ymax } }) => ({
    x: xmin,
    y: ymin,
    width: xmax - xmin,
    height: ymax - ymin,
  }));
  const sizes = texts.map(text => ({ width: fontSize * widthOf(text), height: 1.3 * fontSize }));
  const free: Rect[] = [];
  return placeLabels(rects, sizes, image).map(place => {
    if (free.some(other => boxIntersection(toBox(place), toBox(other)) > 0)) return undefined;
    free.push(place);
    return place;
  });
}

const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, letter) => sum + (letter > '\u1100' ? WIDE_LETTER : LETTER), 0.3);
