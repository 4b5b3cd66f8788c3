import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../tensor/tensor.ts';
import { toDetections } from '../raw-detections.ts';
import { matched } from '../../../test/support/matched.ts';
import type { Image } from '../../image/image.ts';
import { centernetBoxes } from './centernet-boxes.ts';
import type { Port, Ports } from './port.ts';

const input: Port = { names: ['images'], type: 'f32', shape: [1, 4, 8, 3] };
const rows: Port = { names: ['tower_0/detections'], type: 'f32', shape: [1, 3, 6] };
const ports: Ports = {
  inputs: [input],
  outputs: [{ names: ['tower_0/wh'], type: 'f32', shape: [1, 2, 2, 4] }, rows],
};
const head = matched(centernetBoxes(ports));

describe('centernetBoxes', () => {
  it.each([
    ['u8 pixels', { inputs: [{ ...input, type: 'u8' }], outputs: [rows] }],
    ['an image of any size', { inputs: [{ ...input, shape: [1, undefined, undefined, 3] }], outputs: [rows] }],
    ['a batch', { inputs: [{ ...input, shape: [2, 4, 8, 3] }], outputs: [rows] }],
    ['a second input', { inputs: [input, input], outputs: [rows] }],
    ['no inputs', { inputs: [], outputs: [rows] }],
    ['channels first', { inputs: [{ ...input, shape: [1, 3, 4, 8] }], outputs: [rows] }],
    ['rows of seven', { inputs: [input], outputs: [{ ...rows, shape: [1, 3, 7] }] }],
    ['rows without a batch', { inputs: [input], outputs: [{ ...rows, shape: [3, 6] }] }],
    ['no outputs', { inputs: [input], outputs: [] }],
  ] satisfies [string, Ports][])('does not match %s', (_, other: Ports) => {
    expect(centernetBoxes(other)).toEqual(expect.any(String));
  });

  it('prefers the output named detections', () => {
    const other: Port = { names: ['other'], type: 'f32', shape: [1, 3, 6] };
    const both = matched(centernetBoxes({ inputs: [input], outputs: [other, rows] }));
    const empty = tensorOf('f32', [1, 0, 6], []);
    const dog = tensorOf('f32', [1, 1, 6], [0, 0, 8, 4, 0.5, 16]);
    const size = { width: 8, height: 4 };
    expect(toDetections(both.read({ other: empty, 'tower_0/detections': dog }), size, both.labels)).toHaveLength(1);
    const alone = matched(centernetBoxes({ inputs: [input], outputs: [other] }));
    expect(toDetections(alone.read({ other: dog }), size, alone.labels)).toHaveLength(1);
  });

  it('feeds f32 pixels, resized to the input', async () => {
    const image: Image = { width: 16, height: 2, data: new Uint8Array(16 * 2 * 3).fill(200), name: 'flat' };
    const { images } = await head.prepare(image);
    expect(images).toEqual(tensorOf('f32', [1, 4, 8, 3], new Uint8Array(4 * 8 * 3).fill(200)));
  });

  it('scales boxes to the image', () => {
    const size = { width: 80, height: 20 };
    const data = [1, 1, 4, 3, 0.75, 16, -1, 0, 2, 9, 0.5, 0, 1, 1, 4, 3, 0, 16];
    const outputs = { 'tower_0/detections': tensorOf('f32', [1, 3, 6], data) };
    expect(toDetections(head.read(outputs), size, head.labels)).toEqual([
      { label: 'dog', classId: 16, score: 0.75, box: { xmin: 10, ymin: 5, xmax: 40, ymax: 15 } },
      { label: 'person', classId: 0, score: 0.5, box: { xmin: 0, ymin: 0, xmax: 20, ymax: 20 } },
    ]);
  });

  it('drops rows with NaN', () => {
    const data = [1, 1, 4, 3, NaN, 16, 1, 1, 4, 3, 0.5, NaN, NaN, 1, 4, 3, 0.5, 1];
    const outputs = { 'tower_0/detections': tensorOf('f32', [1, 3, 6], data) };
    expect(toDetections(head.read(outputs), { width: 8, height: 4 }, head.labels)).toEqual([]);
  });

  it('names a missing output', () => {
    expect(() => toDetections(head.read({}), { width: 8, height: 4 }, head.labels)).toThrow(
      "the model did not return output 'tower_0/detections'",
    );
  });
});
