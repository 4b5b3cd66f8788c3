import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../tensor/tensor.ts';
import { COCO_91 } from '../../labels/coco.ts';
import { toDetections } from '../raw-detections.ts';
import { matched } from '../../../test/support/matched.ts';
import type { Image } from '../../image/image.ts';
import type { Port, Ports } from './port.ts';
import { tf2Detection } from './tf2-detection.ts';

const port = (name: string, ...shape: Port['shape']): Port => ({ names: ['Identity:0', name], type: 'f32', shape });

const ports: Ports = {
  inputs: [{ names: ['input_tensor'], type: 'u8', shape: [1, undefined, undefined, 3] }],
  outputs: [
    port('detection_classes', 1, 3),
    port('num_detections', 1),
    port('detection_scores', 1, 3),
    port('detection_boxes', 1, 3, 4),
  ],
};
const head = matched(tf2Detection(ports));

const outputs = {
  detection_boxes: tensorOf('f32', [1, 3, 4], [0.25, 0.125, 0.5, 1.5, 0.5, 0, 1, 0.5, 0, 0, 1, 1]),
  detection_scores: tensorOf('f32', [1, 3], [0.75, 0.5, 0.25]),
  detection_classes: tensorOf('f32', [1, 3], [18, 12, 1]),
  num_detections: tensorOf('f32', [1], [2]),
};
const size = { width: 80, height: 20 };

describe('tf2Detection', () => {
  it.each(['detection_boxes', 'detection_scores', 'detection_classes'])('requires %s', name => {
    const rest = ports.outputs.filter(({ names }) => !names.includes(name));
    expect(tf2Detection({ ...ports, outputs: rest })).toEqual(expect.any(String));
  });

  it('feeds the image unchanged', async () => {
    const image: Image = { width: 2, height: 3, data: new Uint8Array(18).fill(7), name: 'flat' };
    const { input_tensor } = await head.prepare(image);
    expect(input_tensor).toMatchObject({ type: 'u8', shape: [1, 3, 2, 3] });
    expect(input_tensor?.data).toBe(image.data);
  });

  it('resizes the image if the input has a fixed size', async () => {
    const fixed = matched(tf2Detection({ ...ports, inputs: [{ ...ports.inputs[0]!, shape: [1, 4, 6, 3] }] }));
    const image: Image = { width: 2, height: 3, data: new Uint8Array(18).fill(7), name: 'flat' };
    expect(await fixed.prepare(image)).toEqual({
      input_tensor: tensorOf('u8', [1, 4, 6, 3], new Uint8Array(72).fill(7)),
    });
  });

  it('returns num_detections boxes in pixels, inside the image', () => {
    expect(toDetections(head.read(outputs), size, head.labels)).toEqual([
      { label: 'dog', classId: 18, score: 0.75, box: { xmin: 10, ymin: 5, xmax: 80, ymax: 10 } },
      { label: 'class 12', classId: 12, score: 0.5, box: { xmin: 0, ymin: 10, xmax: 40, ymax: 20 } },
    ]);
  });

  it('reads all rows without num_detections', () => {
    const uncounted = matched(
      tf2Detection({
        ...ports,
        outputs: ports.outputs.filter(({ names }) => !names.includes('num_detections')),
      }),
    );
    expect(toDetections(uncounted.read(outputs), size, uncounted.labels)).toHaveLength(3);
  });

  it.each([NaN, -1, 1e9])('tolerates num_detections of %d', count => {
    const detections = toDetections(
      head.read({ ...outputs, num_detections: tensorOf('f32', [1], [count]) }),
      size,
      head.labels,
    );
    expect(detections.length).toBe(count === 1e9 ? 3 : 0);
  });

  it('refuses boxes in pixels', () => {
    const pixels = {
      ...outputs,
      detection_boxes: tensorOf('f32', [1, 3, 4], [5, 10, 10, 300, 0, 0, 1, 1, 0, 0, 1, 1]),
    };
    expect(() => head.read(pixels)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: "boxes of 'Identity:0' reach to 5, and tf2-detection takes fractions of the image",
      }),
    );
  });

  it("leaves outputs with Model Garden's image_info to its head", () => {
    const outputsWithInfo = [...ports.outputs, port('image_info', 1, 4, 2)];
    expect(tf2Detection({ ...ports, outputs: outputsWithInfo })).toContain('Model Garden');
  });

  it('recognizes COCO by the number of classes', () => {
    const withScores = (count: number | undefined) =>
      matched(tf2Detection({ ...ports, outputs: [...ports.outputs, port('detection_multiclass_scores', 1, 3, count)] }))
        .labels;
    expect(head.labels).toBe(COCO_91);
    expect(withScores(undefined)).toBe(COCO_91);
    expect(withScores(90)).toBe(COCO_91);
    expect(withScores(91)).toBe(COCO_91);
    expect(withScores(4).size).toBe(0);
  });
});
