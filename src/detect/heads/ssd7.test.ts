import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../tensor/tensor.ts';
import { toDetections } from '../raw-detections.ts';
import { matched } from '../../../test/support/matched.ts';
import type { Image } from '../../image/image.ts';
import type { Port, Ports } from './port.ts';
import { ssd7 } from './ssd7.ts';

const input: Port = { names: ['image'], type: 'f32', shape: [1, 2, 4, 3] };
const rows: Port = { names: ['detection_out'], type: 'f32', shape: [1, 1, 3, 7] };
const head = matched(ssd7({ inputs: [input], outputs: [rows] }));

describe('ssd7', () => {
  it.each([
    ['rows of six', { inputs: [input], outputs: [{ ...rows, shape: [1, 1, 3, 6] }] }],
    ['rows without batch and list', { inputs: [input], outputs: [{ ...rows, shape: [3, 7] }] }],
    ['several lists', { inputs: [input], outputs: [{ ...rows, shape: [1, 2, 3, 7] }] }],
    ['a second output', { inputs: [input], outputs: [rows, rows] }],
    ['a second input', { inputs: [input, input], outputs: [rows] }],
    ['a batch', { inputs: [{ ...input, shape: [2, 2, 4, 3] }], outputs: [rows] }],
    ['a gray image', { inputs: [{ ...input, shape: [1, 2, 4, 1] }], outputs: [rows] }],
  ] satisfies [string, Ports][])('does not match %s', (_, other: Ports) => {
    expect(ssd7(other)).toEqual(expect.any(String));
  });

  it('matches any number of rows and any image size', () => {
    const open: Port = { ...input, shape: [1, undefined, undefined, 3] };
    expect(matched(ssd7({ inputs: [open], outputs: [{ ...rows, shape: [1, 1, undefined, 7] }] })).name).toBe('ssd7');
  });

  it('feeds the image in the layout of the input', async () => {
    const image: Image = { width: 4, height: 2, data: Uint8Array.from({ length: 24 }, (_, i) => i % 3), name: 'i' };
    const last = await head.prepare(image);
    expect(last['image']).toEqual(tensorOf('f32', [1, 2, 4, 3], image.data));
    const first = matched(ssd7({ inputs: [{ ...input, type: 'u8', shape: [1, 3, 2, 4] }], outputs: [rows] }));
    const planes = Array.from({ length: 24 }, (_, i) => Math.floor(i / 8));
    expect((await first.prepare(image))['image']).toEqual(tensorOf('u8', [1, 3, 2, 4], planes));
  });

  it('stops at the row that ends the list', () => {
    const data = [
      ...[0, 17, 0.75, 0.25, 0.5, 0.5, 1],
      ...[0, 1, 0.5, 0, 0, 1.5, 0.25],
      ...[-1, 2, 0.9, 0, 0, 1, 1],
      ...[0, 3, 0.9, 0, 0, 1, 1],
    ];
    const raw = head.read({ detection_out: tensorOf('f32', [1, 1, 4, 7], data) });
    const labels = new Map([[17, 'cat']]);
    expect(toDetections(raw, { width: 100, height: 40 }, labels)).toEqual([
      { label: 'cat', classId: 17, score: 0.75, box: { xmin: 25, ymin: 20, xmax: 50, ymax: 40 } },
      { label: 'class 1', classId: 1, score: 0.5, box: { xmin: 0, ymin: 0, xmax: 100, ymax: 10 } },
    ]);
    const full = head.read({ detection_out: tensorOf('f32', [1, 1, 2, 7], data.slice(0, 14)) });
    expect(full.count).toBe(2);
  });
});
