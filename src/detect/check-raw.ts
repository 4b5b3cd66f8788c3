import { DecantError } from '../errors.ts';
import type { RawDetections } from './raw-detections.ts';

/** More than rounding adds to a probability of 1. */
const MOST_SCORE = 1.01;

/** More than rounding changes a class id by, also that of a list of 100 ids to 8 bits. */
const LEAST_FRACTION = 0.2;

/** Boxes with such scores are meant: those of lower ones may be anything. */
const CONFIDENT = 0.25;

/** Edges that are not clipped may be so far outside of the image, in its sizes. */
const FARTHEST = 4;

/** Pixels taken for fractions are far outside; fractions taken for pixels are all in the first ones. */
const FIRST_PIXELS = 0.005;

/**
 * Refuses numbers that detections cannot be, because the outputs mean something else than the head takes them for.
 *
 * @param head its name
 * @param threshold score of the detections that are wanted
 * @throws DecantError `unsupported` for scores above 1, classes that are not whole numbers, and boxes most of which are inverted,
 * far outside of the image, or in its first pixels
 */
export function checkRaw(raw: RawDetections, head: string, threshold: number): void {
  const { boxes, scores, classes, count } = raw;
  const rows = Array.from({ length: count }, (_, i) => i).filter(i => scores[i]! > 0);
  const high = rows.find(i => scores[i]! > MOST_SCORE);
  if (high !== undefined) throw implausible(head, `a score is ${scores[high]!}, not from 0 to 1`);
  const broken = rows.find(i => Math.abs(classes[i]! - Math.round(classes[i]!)) > LEAST_FRACTION);
  if (broken !== undefined) throw implausible(head, `a class is ${classes[broken]!}, not a whole number`);
  const meant = rows.filter(i => scores[i]! >= Math.max(threshold, CONFIDENT));
  const areMost = (isSo: (edges: readonly number[]) => boolean): boolean =>
    2 * meant.filter(i => isSo([0, 1, 2, 3].map(k => boxes[4 * i + k]!))).length > meant.length;
  if (areMost(([ymin, xmin, ymax, xmax]) => ymin! > ymax! || xmin! > xmax!)) {
    throw implausible(head, 'boxes end before they start');
  }
  if (areMost(edges => edges.some(edge => Math.abs(edge) > FARTHEST))) {
    throw implausible(head, 'boxes are far outside of the image');
  }
  if (areMost(edges => edges.every(edge => Math.abs(edge) < FIRST_PIXELS))) {
    throw implausible(head, 'boxes are all in the first pixels of the image');
  }
}

const implausible = (head: string, what: string): DecantError =>
  new DecantError('unsupported', `the outputs are not those of ${head}: ${what}`, {
    remedy: 'Choose another kind of detector, or describe the outputs in a file: --head (docs/detectors.md).',
  });
