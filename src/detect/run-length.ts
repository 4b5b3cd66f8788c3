import type { Size } from '../image/image.ts';
import type { Rect } from '../image/geometry.ts';

/**
 * A mask in COCO's run-length encoding, which `pycocotools` and most segmentation tools read: `counts` are lengths of
 * alternating runs outside and inside, column by column, in COCO's compressed text.
 */
export interface RunLengths {
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
}

export function runLengths({ width, height }: Size, area: Rect, data: Uint8Array): RunLengths {
  const counts: number[] = [];
  let end = 0;
  const isInside = (): boolean => counts.length % 2 === 1;
  const switchAt = (position: number): void => {
    counts.push(position - end);
    end = position;
  };
  for (let x = 0; x < area.width; x++) {
    const top = (area.x + x) * height + area.y;
    for (let y = 0; y < area.height; y++) {
      if ((data[y * area.width + x] !== 0) !== isInside()) switchAt(top + y);
    }
    // Pixels between this column of the area and the next are outside, if there are any.
    if (isInside() && area.height < height) switchAt(top + area.height);
  }
  if (isInside()) switchAt((area.x + area.width) * height);
  if (end < width * height) switchAt(width * height);
  return { size: [height, width], counts: toText(counts) };
}

/** COCO's text: counts as deltas to the one before the last, five bits per character, low bits first, bit 5 to continue. */
function toText(counts: readonly number[]): string {
  let text = '';
  counts.forEach((count, i) => {
    let rest = i > 2 ? count - counts[i - 2]! : count;
    for (let more = true; more;) {
      const bits = rest & 0x1f;
      rest >>= 5;
      // Bit 4 of the last character is the sign.
      more = rest !== ((bits & 0x10) === 0 ? 0 : -1);
      text += String.fromCharCode(48 + bits + (more ? 0x20 : 0));
    }
  });
  return text;
}

export function fromRunLengths({ size: [height, width], counts }: RunLengths): Uint8Array {
  const data = new Uint8Array(width * height);
  let at = 0;
  countsOf(counts).forEach((count, i) => {
    const end = Math.min(at + count, data.length);
    for (; at < end; at++) if (i % 2 === 1) data[(at % height) * width + Math.floor(at / height)] = 1;
  });
  return data;
}

export function countsOf(text: string): readonly number[] {
  const counts: number[] = [];
  let value = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const bits = text.charCodeAt(i) - 48;
    value |= (bits & 0x1f) << shift;
    shift += 5;
    if ((bits & 0x20) !== 0) continue;
    if ((bits & 0x10) !== 0) value |= -1 << shift;
    counts.push(counts.length > 2 ? value + counts.at(-2)! : value);
    value = 0;
    shift = 0;
  }
  return counts;
}
