import type { Size } from '../image/image.ts';
import type { Rect } from '../image/geometry.ts';

/** Pixels in COCO's run-length encoding, which `pycocotools` and most tools for segmentation read. */
export interface RunLengths {
  /** Height and width of the picture. */
  readonly size: readonly [height: number, width: number];
  /** How many pixels in turn lie outside and inside, column by column, in COCO's text form. */
  readonly counts: string;
}

/** The pixels of `area` that are not zero in `data`, as part of a whole picture. */
export function runLengths({ width, height }: Size, area: Rect, data: Uint8Array): RunLengths {
  const counts: number[] = [];
  let [end, inside] = [0, false];
  const turnAt = (position: number): void => {
    counts.push(position - end);
    [end, inside] = [position, !inside];
  };
  for (let x = 0; x < area.width; x++) {
    const top = (area.x + x) * height + area.y;
    for (let y = 0; y < area.height; y++) {
      if ((data[y * area.width + x] !== 0) !== inside) turnAt(top + y);
    }
    // What follows down to the next column's part is outside, unless there is nothing in between.
    if (inside && area.height < height) turnAt(top + area.height);
  }
  if (inside) turnAt((area.x + area.width) * height);
  if (end < width * height) turnAt(width * height);
  return { size: [height, width], counts: toText(counts) };
}

/**
 * COCO's text: each count less the one before the last, so that most are small, five bits in a character from the lowest
 * on, with a sixth bit where more follow.
 */
function toText(counts: readonly number[]): string {
  let text = '';
  counts.forEach((count, i) => {
    let rest = i > 2 ? count - counts[i - 2]! : count;
    for (let more = true; more;) {
      const bits = rest & 0x1f;
      rest >>= 5;
      // The highest bit that is written is the sign of what is left.
      more = rest !== ((bits & 0x10) === 0 ? 0 : -1);
      text += String.fromCharCode(48 + bits + (more ? 0x20 : 0));
    }
  });
  return text;
}

/** The pixels of a whole picture, 1 inside and 0 outside, that `runLengths` wrote. */
export function fromRunLengths({ size: [height, width], counts }: RunLengths): Uint8Array {
  const data = new Uint8Array(width * height);
  let at = 0;
  countsOf(counts).forEach((count, i) => {
    const end = at + count;
    for (; at < end; at++) if (i % 2 === 1) data[(at % height) * width + Math.floor(at / height)] = 1;
  });
  return data;
}

/** How many pixels in turn lie outside and inside, from COCO's text. */
export function countsOf(text: string): readonly number[] {
  const counts: number[] = [];
  let [value, shift] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const bits = text.charCodeAt(i) - 48;
    value |= (bits & 0x1f) << shift;
    shift += 5;
    if ((bits & 0x20) !== 0) continue;
    // The highest bit of the last five is the sign.
    if ((bits & 0x10) !== 0) value |= -1 << shift;
    counts.push(counts.length > 2 ? value + counts.at(-2)! : value);
    [value, shift] = [0, 0];
  }
  return counts;
}
