import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../tensor/tensor.ts';
import { readDetections } from '../detect-image.ts';
import { findHead, fittingHeads } from './find-head.ts';
import { KERAS_CV_FORMATS, KERAS_HUB_FORMATS } from './keras-cv.ts';
import type { Port, Ports } from './port.ts';

const port = (name: string, shape: Port['shape'], type: Port['type'] = 'f32'): Port => ({ names: [name], type, shape });

const ports: Ports = {
  inputs: [port('images', [1, 100, 100, 3])],
  outputs: [
    port('boxes', [1, 1, 4]),
    port('confidence', [1, 1]),
    port('classes', [1, 1], 'i64'),
    port('num_detections', [1], 'i32'),
  ],
};

describe('keras-cv', () => {
  it('asks for the bounding box format, which outputs do not show', () => {
    expect(() => findHead(ports)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: `the model could be ${KERAS_CV_FORMATS.map(format => `keras-cv:${format}`).join(' or ')} (it has the outputs boxes, confidence, classes, num_detections)`,
        remedy:
          `Choose one: ${KERAS_CV_FORMATS.map(format => `--head keras-cv:${format}`).join(' or ')}. ` +
          "keras-cv:xywh is what KerasCV's guides train with.",
      }),
    );
  });

  it.each([
    ['yxyx', ['yxyx', 'rel_yxyx']],
    ['xyxy', ['xyxy', 'rel_xyxy']],
    ['xy--', ['xywh', 'center_xywh', 'rel_xywh']],
  ])('leaves out formats that the graph contradicts: %s', (letters, formats) => {
    const [boxes, ...others] = ports.outputs;
    const shown = { ...ports, outputs: [{ ...boxes!, directions: { 2: letters } }, ...others] };
    expect(fittingHeads(shown).map(({ name }) => name)).toEqual(formats.map(format => `keras-cv:${format}`));
  });

  it.each([
    ['xyxy', [20, 10, 60, 30]],
    ['yxyx', [10, 20, 30, 60]],
    ['xywh', [20, 10, 40, 20]],
    ['center_xywh', [40, 20, 40, 20]],
    ['rel_xyxy', [0.2, 0.1, 0.6, 0.3]],
    ['rel_yxyx', [0.1, 0.2, 0.3, 0.6]],
    ['rel_xywh', [0.2, 0.1, 0.4, 0.2]],
  ])('reads boxes of the format %s in an image padded below', (format, box) => {
    const head = findHead(ports, `keras-cv:${format}`);
    const outputs = {
      boxes: tensorOf('f32', [1, 1, 4], box),
      confidence: tensorOf('f32', [1, 1], [0.5]),
      classes: tensorOf('i64', [1, 1], [2]),
      num_detections: tensorOf('i32', [1], [1]),
    };
    const [found] = readDetections(head, outputs, { width: 200, height: 100 }, {});
    expect(found).toMatchObject({ classId: 2, score: 0.5 });
    expect(Object.values(found!.box).map(edge => Math.round(Number(edge) * 100) / 100)).toEqual([40, 20, 120, 60]);
  });
});

describe('keras-hub', () => {
  const hub: Ports = {
    ...ports,
    outputs: ports.outputs.map(each => (each.names[0] === 'classes' ? port('labels', [1, 1], 'i32') : each)),
  };

  it('names the default of bounding box formats', () => {
    expect(fittingHeads(hub).map(({ name }) => name)).toEqual(KERAS_HUB_FORMATS.map(format => `keras-hub:${format}`));
    expect(() => findHead(hub)).toThrow(
      expect.objectContaining({ remedy: expect.stringMatching(/keras-hub:yxyx is KerasHub's default\.$/) as string }),
    );
  });

  it('normalizes a picture that is padded on both sides, and maps boxes back', async () => {
    const head = findHead(hub, 'keras-hub:center_yxhw');
    const data = new Uint8Array(200 * 100 * 3).fill(255);
    const { images } = await head.prepare({ width: 200, height: 100, data, name: 'white' });
    const reds = Array.from({ length: 100 }, (_, y) => Number(images!.data[3 * 100 * y]));
    expect(reds[0]).toBeCloseTo(-0.485 / 0.229, 5);
    expect(reds[50]).toBeCloseTo((1 - 0.485) / 0.229, 5);
    expect(reds.filter(red => red > 0)).toHaveLength(50);
    const outputs = {
      boxes: tensorOf('f32', [1, 1, 4], [40, 30, 20, 40]),
      confidence: tensorOf('f32', [1, 1], [0.5]),
      labels: tensorOf('i32', [1, 1], [2]),
      num_detections: tensorOf('i32', [1], [1]),
    };
    const [found] = readDetections(head, outputs, { width: 200, height: 100 }, {});
    expect(Object.values(found!.box).map(edge => Math.round(Number(edge)))).toEqual([20, 10, 100, 50]);
  });

  it('refuses models that resize images inside', () => {
    const open = { ...hub, inputs: [port('images', [1, undefined, undefined, 3])] };
    expect(() => findHead(open, 'keras-hub:yxyx')).toThrow(/images of any size are resized inside/);
  });
});

describe('keras-io-retinanet', () => {
  const names = ['decode_predictions', 'decode_predictions_1', 'decode_predictions_2', 'decode_predictions_3'];
  const shapes = [[1, 1, 4], [1, 1], [1, 1], [1]];
  const retinaNet: Ports = {
    inputs: [port('image', [1, undefined, undefined, 3])],
    outputs: names.map((name, i) => port(name, shapes[i]!, i === 3 ? 'i32' : 'f32')),
  };
  const head = findHead(retinaNet);

  it('feeds a scaled image in blue, green and red, padded to multiples of 128', async () => {
    expect(head.name).toBe('keras-io-retinanet');
    const data = Uint8Array.from({ length: 300 * 100 * 3 }, (_, i) => [10, 20, 30][i % 3]!);
    const { image } = await head.prepare({ width: 300, height: 100, data, name: 'flat' });
    // The longest side becomes 1333 pixels.
    expect(image!.shape).toEqual([1, 512, 1408, 3]);
    const values = image!.data as Float32Array;
    const pixel = (y: number, x: number): readonly number[] => [
      ...values.subarray(3 * (1408 * y + x), 3 * (1408 * y + x) + 3),
    ];
    expect(pixel(443, 1332).map(Math.round)).toEqual([30 - 104, 20 - 117, 10 - 124]);
    expect(pixel(444, 0).map(Math.round)).toEqual([-104, -117, -124]);
  });

  it('scales boxes back', () => {
    const outputs = {
      decode_predictions: tensorOf('f32', [1, 1, 4], [200, 100, 600, 300]),
      decode_predictions_1: tensorOf('f32', [1, 1], [0.5]),
      decode_predictions_2: tensorOf('f32', [1, 1], [16]),
      decode_predictions_3: tensorOf('i32', [1], [1]),
    };
    const [found] = readDetections(head, outputs, { width: 400, height: 400 }, {});
    expect(found).toMatchObject({ label: 'dog', box: { xmin: 100, ymin: 50, xmax: 300, ymax: 150 } });
  });
});
