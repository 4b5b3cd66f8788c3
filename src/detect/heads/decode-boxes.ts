import { DecantError } from '../../errors.ts';
import type { Size } from '../../image/image.ts';
import { anchorBoxes } from './anchor-grid.ts';
import type { BoxesDescription, BoxFormat } from './head-description.ts';
import type { Table } from './tables.ts';

type Numbers = readonly [number, number, number, number];

/** Converts the four numbers of a box to ymin, xmin, ymax, xmax. */
const TO_CORNERS: Readonly<Record<BoxFormat, (...numbers: Numbers) => Numbers>> = {
  xyxy: (xmin, ymin, xmax, ymax) => [ymin, xmin, ymax, xmax],
  yxyx: (ymin, xmin, ymax, xmax) => [ymin, xmin, ymax, xmax],
  xywh: (x, y, width, height) => [y, x, y + height, x + width],
  yxhw: (y, x, height, width) => [y, x, y + height, x + width],
  cxcywh: (x, y, width, height) => [y - height / 2, x - width / 2, y + height / 2, x + width / 2],
  cycxhw: (y, x, height, width) => [y - height / 2, x - width / 2, y + height / 2, x + width / 2],
};

/** Returns a function from a row of `boxes` to its ymin, xmin, ymax, xmax. @param model size of the model's input */
export function boxDecoder(
  { format, anchors, variances = [1, 1, 1, 1] }: BoxesDescription,
  boxes: Table,
  model: Size,
): (row: number) => Numbers {
  const at = (row: number): Numbers => [boxes.at(row, 0), boxes.at(row, 1), boxes.at(row, 2), boxes.at(row, 3)];
  if (anchors === undefined) return row => TO_CORNERS[format](...at(row));
  const priors = 'minLevel' in anchors ? anchorBoxes(anchors, model) : Float32Array.from(anchors.flat());
  if (priors.length !== 4 * boxes.rows) throw wrongAnchors(priors.length / 4, boxes.rows);
  return row => {
    const [first, second, third, fourth] = at(row).map((offset, i) => offset * variances[i]!);
    const [ymin, xmin, ymax, xmax] = priors.subarray(4 * row, 4 * row + 4);
    const [y, x, h, w] = format === 'cxcywh' ? [second, first, fourth, third] : [first, second, third, fourth];
    const height = ymax! - ymin!;
    const width = xmax! - xmin!;
    const center = [y! * height + (ymin! + ymax!) / 2, x! * width + (xmin! + xmax!) / 2] as const;
    return TO_CORNERS.cycxhw(...center, Math.exp(h!) * height, Math.exp(w!) * width);
  };
}

const wrongAnchors = (anchors: number, boxes: number): DecantError =>
  new DecantError('unsupported', `the head describes ${anchors} anchors, and the model returns ${boxes} boxes`, {
    remedy: 'Correct the levels, sizes and aspect ratios of the anchors, or the input size.',
  });
