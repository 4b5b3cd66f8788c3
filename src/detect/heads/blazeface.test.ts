import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import { tensorOf } from '../../tensor/tensor.ts';
import { toDetections } from '../raw-detections.ts';
import { blazeface } from './blazeface.ts';
import type { Port, Ports } from './port.ts';

const input: Port = { names: ['input'], type: 'f32', shape: [1, 128, 128, 3] };
const port = (name: string, ...shape: readonly number[]): Port => ({ names: [name], type: 'f32', shape });

/** A face of 32 x 64 pixels at an anchor, with its eyes above and its other keypoints below the center. */
const OFFSETS = [4, -4, 32, 64, -8, -8, 8, -8, 0, 8, 0, 8, 0, 8, 0, 8];
const rowsOf = (count: number, at: number, row: readonly number[], other: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => (i === at ? row : Array<number>(row.length).fill(other))).flat();

/** Of the second grid: cell 9 of 8 x 8, in row 1 and column 1, centered at 24. */
const ANCHOR = 6 * 9;
const FACE = { xmin: 12, ymin: -12, xmax: 44, ymax: 52 };

describe('blazeface', () => {
  it.each([
    [
      'one output',
      { inputs: [input], outputs: [port('both', 1, 896, 17)] },
      { both: tensorOf('f32', [1, 896, 17], rowsOf(896, 512 + ANCHOR, [2, ...OFFSETS], -9)) },
    ],
    [
      'scores and offsets',
      { inputs: [input], outputs: [port('boxes', 1, 896, 16), port('scores', 1, 896, 1)] },
      {
        boxes: tensorOf('f32', [1, 896, 16], rowsOf(896, 512 + ANCHOR, OFFSETS, 0)),
        scores: tensorOf('f32', [1, 896, 1], rowsOf(896, 512 + ANCHOR, [2], -9)),
      },
    ],
    [
      'two grids',
      {
        inputs: [input],
        outputs: [port('s1', 1, 384, 1), port('s0', 1, 512, 1), port('b1', 1, 384, 16), port('b0', 1, 512, 16)],
      },
      {
        s0: tensorOf('f32', [1, 512, 1], rowsOf(512, -1, [0], -9)),
        b0: tensorOf('f32', [1, 512, 16], rowsOf(512, -1, OFFSETS, 0)),
        s1: tensorOf('f32', [1, 384, 1], rowsOf(384, ANCHOR, [2], -9)),
        b1: tensorOf('f32', [1, 384, 16], rowsOf(384, ANCHOR, OFFSETS, 0)),
      },
    ],
  ] satisfies [string, Ports, unknown][])('finds a face and its keypoints in %s', (_, ports, outputs) => {
    const head = matched(blazeface(ports));
    const [face, ...others] = toDetections(head.read(outputs), { width: 128, height: 128 }, head.labels);
    expect(others).toEqual([]);
    expect(face).toMatchObject({ label: 'face', box: { ...FACE, ymin: 0 } });
    expect(face!.score).toBeCloseTo(1 / (1 + Math.exp(-2)));
    expect(face!.keypoints!.slice(0, 3)).toEqual([
      { x: 16, y: 16, score: 1 },
      { x: 32, y: 16, score: 1 },
      { x: 24, y: 32, score: 1 },
    ]);
  });

  it.each([
    ['a rectangular image', { inputs: [{ ...input, shape: [1, 128, 96, 3] }], outputs: [port('both', 1, 896, 17)] }],
    ['bytes', { inputs: [{ ...input, type: 'u8' }], outputs: [port('both', 1, 896, 17)] }],
    ['other anchors', { inputs: [input], outputs: [port('both', 1, 900, 17)] }],
    ['one grid', { inputs: [input], outputs: [port('s', 1, 512, 1), port('b', 1, 512, 16)] }],
  ] satisfies [string, Ports][])('does not match %s', (_, ports: Ports) => {
    expect(blazeface(ports)).toEqual(expect.any(String));
  });
});
