import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import { numbersOf, tensorOf, vector } from '../../tensor/tensor.ts';
import { toDetections } from '../raw-detections.ts';
import { openImages } from './open-images.ts';
import type { Port, Ports } from './port.ts';

const port = (name: string, type: Port['type'], ...shape: Port['shape']): Port => ({ names: [name], type, shape });
const input = port('images', 'f32', 1, undefined, undefined, 3);
const boxes = port('detection_boxes', 'f32', 2, 4);
const labels = port('detection_class_labels', 'i64', 2);
const scores = port('detection_scores', 'f32', 2);
const ports: Ports = { inputs: [input], outputs: [boxes, labels, scores] };

describe('openImages', () => {
  it.each([
    ['bytes', { ...ports, inputs: [{ ...input, type: 'u8' }] }],
    ['boxes with a batch', { ...ports, outputs: [{ ...boxes, shape: [1, 2, 4] }, labels, scores] }],
    ['scores with a batch', { ...ports, outputs: [boxes, labels, { ...scores, shape: [1, 2] }] }],
    ['no classes', { ...ports, outputs: [boxes, scores] }],
  ] satisfies [string, Ports][])('does not match %s', (_, other: Ports) => {
    expect(openImages(other)).toEqual(expect.any(String));
  });

  it('reads boxes without a batch, and classes from 1', () => {
    const head = matched(openImages(ports));
    const raw = head.read({
      detection_boxes: tensorOf('f32', [2, 4], [0.25, 0, 0.5, 0.5, 0, 0.5, 1, 0.75]),
      detection_class_labels: vector('i64', [69, 1]),
      detection_scores: vector('f32', [0.75, 0.5]),
    });
    const found = toDetections(raw, { width: 80, height: 40 }, head.labels);
    expect(found.map(({ classId, score, box }) => [classId, score, box])).toEqual([
      [69, 0.75, { xmin: 0, ymin: 10, xmax: 40, ymax: 20 }],
      [1, 0.5, { xmin: 40, ymin: 0, xmax: 60, ymax: 40 }],
    ]);
    expect(head.firstClassId).toBe(1);
  });

  it('feeds fractions of the size of the image', async () => {
    const data = new Uint8Array(2 * 3 * 3).fill(51);
    const { images } = await matched(openImages(ports)).prepare({ width: 3, height: 2, data, name: 'flat' });
    expect(images!.shape).toEqual([1, 2, 3, 3]);
    expect(new Set(numbersOf(images!))).toEqual(new Set([Math.fround(0.2)]));
  });
});
