import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import { tensorOf } from '../../tensor/tensor.ts';
import { toDetections } from '../raw-detections.ts';
import { blazeface, blazepalm, blazepose } from './blaze.ts';
import { findHead } from './find-head.ts';
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
    ['two alike', { inputs: [input], outputs: [port('face', 1, 896, 17), port('person', 1, 896, 17)] }],
  ] satisfies [string, Ports][])('does not match %s', (_, ports: Ports) => {
    expect(blazeface(ports)).toEqual(expect.any(String));
  });
});

/** The anchors, grids and keypoints of each version; `at` is the first anchor of the last grid, `center` is its center. */
const VERSIONS = [
  { matcher: blazeface, side: 192, anchors: 2304, keypoints: 6, at: 49, center: [6, 6] },
  { matcher: blazepalm, side: 192, anchors: 2016, keypoints: 7, at: 1152, center: [8, 8] },
  { matcher: blazepalm, side: 256, anchors: 2944, keypoints: 7, at: 2560, center: [16, 16] },
  { matcher: blazepose, side: 224, anchors: 2254, keypoints: 4, at: 1960, center: [16, 16] },
  { matcher: blazepose, side: 128, anchors: 896, keypoints: 4, at: 512, center: [8, 8] },
] as const;

describe.each(VERSIONS)(
  '$anchors anchors with $keypoints keypoints',
  ({ matcher, side, anchors, keypoints, at, center }) => {
    const columns = 5 + 2 * keypoints;
    const ports: Ports = {
      inputs: [{ ...input, shape: [1, side, side, 3] }],
      outputs: [port('both', 1, anchors, columns)],
    };
    const [x, y] = center;

    it('lie at the centers of the cells', () => {
      const head = matched(matcher(ports));
      const row = [3, 2, -2, 4, 8, ...Array<number>(2 * keypoints).fill(1)];
      const both = tensorOf('f32', [1, anchors, columns], rowsOf(anchors, at, row, -9));
      const [found, ...others] = toDetections(head.read({ both }), { width: side, height: side }, head.labels);
      expect(others).toEqual([]);
      const edges = [x, y - 6, x + 4, y + 2].map(edge => expect.closeTo(Math.max(0, edge), 4) as number);
      expect(Object.values(found!.box)).toEqual(edges);
      expect(found!.keypoints).toHaveLength(keypoints);
      expect(found!.keypoints![0]!.x).toBeCloseTo(x + 1, 4);
      expect(found!.keypoints![0]!.y).toBeCloseTo(y + 1, 4);
    });

    it('are those of one head only', () => {
      expect(findHead(ports).name).toBe(matched(matcher(ports)).name);
    });
  },
);

describe('pixels', () => {
  it.each([
    [blazepalm, 192, 2016, 0, 1],
    [blazepalm, 256, 2944, -1, 1],
  ] as const)(
    'of %o at %i pixels become the values that the model takes',
    async (matcher, side, anchors, black, white) => {
      const head = matched(
        matcher({ inputs: [{ ...input, shape: [1, side, side, 3] }], outputs: [port('both', 1, anchors, 19)] }),
      );
      const image = { name: 'i', width: side, height: side / 2, data: new Uint8Array((side * side * 3) / 2).fill(255) };
      const { data } = (await head.prepare(image))['input']!;
      expect([data[0], data[data.length / 2]]).toEqual([black, white]);
    },
  );
});
