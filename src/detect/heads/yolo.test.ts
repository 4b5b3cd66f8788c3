import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import { tensorOf } from '../../tensor/tensor.ts';
import { fittingHeads } from './find-head.ts';
import type { Part, Port, Ports } from './port.ts';
import { yoloEnd2end } from './yolo-end2end.ts';
import { yolo, yoloPose } from './yolo.ts';

const input: Port = { names: ['images'], type: 'f32', shape: [1, 64, 64, 3] };

/** A 64 x 64 image has 64 + 16 + 4 cells. */
const CELLS = 84;

const table = (shape: Port['shape'], ...parts: readonly Part[]): Ports => ({
  inputs: [input],
  outputs: [
    { names: ['out'], type: 'f32', shape, ...(parts.length > 0 && { parts: { [shape[2] === CELLS ? 1 : 2]: parts } }) },
  ],
  selection: 'none',
});

const widths = (...all: readonly number[]): readonly Part[] => all.map(width => ({ width }));

const namesOf = (ports: Ports): readonly string[] => fittingHeads(ports).map(({ name }) => name);

describe('the shapes of YOLO', () => {
  it.each([
    ['candidates', table([1, 9, CELLS]), ['yolo']],
    ['candidates of 52 classes or poses', table([1, 56, CELLS]), ['yolo', 'yolo-pose']],
    ['candidates of 52 classes', table([1, 56, CELLS], ...widths(2, 2, 52)), ['yolo']],
    ['poses', table([1, 56, CELLS], ...widths(4, 1, 51)), ['yolo-pose']],
    ['poses of animals', table([1, 40, CELLS], ...widths(4, 3, 33)), ['yolo-pose']],
    ['rotated boxes', table([1, 20, CELLS], ...widths(4, 15, 1)), []],
    ['rows of candidates', table([1, CELLS, 9], ...widths(4, 5)), ['yolo']],
    ['rows of unknown columns', table([1, CELLS, 9]), []],
    ['rows with a probability of objects', table([1, CELLS, 9], ...widths(4, 1, 4)), []],
    ['as many columns as candidates', table([1, CELLS, CELLS]), []],
    ['three candidates in a cell, of unknown columns', table([1, 3 * CELLS, 8]), ['yolo-v5', 'yolo-v4']],
    ['three candidates in a cell', table([1, 3 * CELLS, 85], ...widths(2, 2, 81)), ['yolo-v5']],
    ['three candidates in a cell, with boxes after the scores', table([1, 3 * CELLS, 18], ...widths(6, 4, 8)), []],
    [
      'scores multiplied by a probability of objects',
      table([1, undefined, 84], { width: 4 }, { width: 80, isProduct: true }),
      ['yolo-v4'],
    ],
    ['another number of candidates', table([1, 9, CELLS + 2]), []],
    ['u8 pixels', { ...table([1, 9, CELLS]), inputs: [{ ...input, type: 'u8' }] }, ['yolo']],
    ['whole numbers', { ...table([1, 9, CELLS]), inputs: [{ ...input, type: 'i32' }] }, []],
    [
      'corners',
      { ...table([1, 9, CELLS]), outputs: [{ ...table([1, 9, CELLS]).outputs[0]!, directions: { 1: 'xyxy---' } }] },
      [],
    ],
    [
      'selected rows of ymin, xmin',
      {
        ...table([1, 300, 6]),
        selection: 'top',
        outputs: [{ ...table([1, 300, 6]).outputs[0]!, directions: { 2: 'yxyx--' } }],
      },
      [],
    ],
    ['selected rows', { ...table([1, 300, 6]), selection: 'top' }, ['yolo-end2end']],
    ['peaks of a heat map', { ...table([1, 100, 6]), selection: 'peaks' }, ['centernet-boxes']],
    ['rows of unknown origin', { ...table([1, 100, 6]), selection: undefined }, ['centernet-boxes', 'yolo-end2end']],
  ] satisfies [string, Ports, string[]][])('show %s', (_, ports, names) => {
    expect(namesOf(ports)).toEqual(names);
  });
});

describe('yolo', () => {
  it.each([
    [64, 1],
    [1, 64],
  ])('reads centers in units of which a side has %i', (side, scale) => {
    const head = matched(yolo(table([1, 5, CELLS])));
    const at = (column: number): readonly number[] =>
      Array.from({ length: CELLS }, (_, i) => (i === 7 ? column : 0.5 * side));
    const columns = [at(0.25 * side), at(0.5 * side), at(0.125 * side), at(0.25 * side)].flat();
    const scores = Array.from({ length: CELLS }, (_, i) => (i === 7 ? 0.9 : 0));
    expect(scale).toBe(64 / side);
    const { boxes, count } = head.read({ out: tensorOf('f32', [1, 5, CELLS], [...columns, ...scores]) });
    expect(count).toBe(1);
    expect(Array.from(boxes)).toEqual([0.375, 0.1875, 0.625, 0.3125]);
  });

  it('finds prototypes in both layouts', () => {
    const { outputs, ...rest } = table([1, 4 + 3 + 8, CELLS]);
    for (const shape of [
      [1, 16, 16, 8],
      [1, 8, 16, 16],
    ]) {
      const head = matched(yolo({ ...rest, outputs: [{ names: ['protos'], type: 'f32', shape }, ...outputs] }));
      expect(head.candidates?.classCount).toBe(3);
      expect(head.requiredOutputs).toHaveLength(2);
    }
  });

  it('letterboxes the image', async () => {
    const head = matched(yolo(table([1, 9, CELLS])));
    const image = { width: 64, height: 32, data: new Uint8Array(64 * 32 * 3).fill(51), name: 'wide' };
    const { images } = await head.prepare(image);
    expect([images!.data[0], images!.data[32 * 64 * 3]].map(value => Math.round(255 * Number(value)))).toEqual([
      114, 51,
    ]);
    expect(head.area!(image)).toEqual({ x: 0, y: -0.5, width: 1, height: 2 });
  });

  it('names COCO classes and persons only', () => {
    expect(matched(yolo(table([1, 84, CELLS], ...widths(4, 80)))).labels.get(16)).toBe('dog');
    expect(matched(yolo(table([1, 9, CELLS]))).labels.size).toBe(0);
    expect(matched(yoloPose(table([1, 56, CELLS], ...widths(4, 1, 51)))).labels.get(0)).toBe('person');
  });
});

describe('yoloEnd2end', () => {
  it('reads pixels or fractions, and leaves out padding', () => {
    const head = matched(yoloEnd2end({ ...table([1, 2, 6]), selection: 'nms' }));
    for (const unit of [64, 1]) {
      const rows = [0.25, 0, 0.5, 1].map(edge => edge * unit).concat(0.8, 2, [0, 0, 0, 0, 0, 0]);
      const { boxes, scores, classes, count } = head.read({ out: tensorOf('f32', [1, 2, 6], rows) });
      expect([count, ...Array.from(boxes), ...Array.from(classes)]).toEqual([1, 0, 0.25, 1, 0.5, 2]);
      expect(scores[0]).toBeCloseTo(0.8);
    }
  });
});
