import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import type { Image } from '../../image/image.ts';
import { tensorOf } from '../../tensor/tensor.ts';
import { toDetections } from '../raw-detections.ts';
import type { Port, Ports } from './port.ts';
import { tfliteDetection } from './tflite-detection.ts';

const OP = 'TFLite_Detection_PostProcess';
const input: Port = { names: ['image'], type: 'f32', shape: [1, 1, 2, 3] };
const outputs: readonly Port[] = [
  { names: [OP], type: 'f32', shape: [1, 3, 4] },
  { names: [`${OP}:1`], type: 'f32', shape: [1, 3] },
  { names: [`${OP}:2`], type: 'f32', shape: [1, 3] },
  { names: [`${OP}:3`], type: 'f32', shape: [1] },
];
const PIXELS: Image = { width: 2, height: 1, data: Uint8Array.of(0, 51, 102, 153, 204, 255), name: 'i' };

const fed = async (type: Port['type'], normalization?: Ports['normalization']): Promise<unknown> => {
  const ports = { inputs: [{ ...input, type }], outputs, normalization };
  return (await matched(tfliteDetection(ports)).prepare(PIXELS))['image'];
};

describe('tflite-detection', () => {
  it('needs all outputs of the op, and an image', () => {
    expect(tfliteDetection({ inputs: [input], outputs: outputs.slice(0, 3) })).toBe(`there is no output '${OP}:3'`);
    expect(tfliteDetection({ inputs: [{ ...input, type: 'i64' }], outputs })).toEqual(expect.any(String));
    expect(tfliteDetection({ inputs: [input, input], outputs })).toEqual(expect.any(String));
  });

  it('feeds what the type of the input stands for', async () => {
    expect(await fed('u8')).toEqual(tensorOf('u8', [1, 1, 2, 3], PIXELS.data));
    expect(await fed('i8')).toEqual(tensorOf('i8', [1, 1, 2, 3], [-128, -77, -26, 25, 76, 127]));
    const reals = [-1, -0.6, -0.2, 0.2, 0.6, 1].map(Math.fround);
    expect(await fed('f32')).toMatchObject({ data: Float32Array.from(reals) });
  });

  it('feeds what the file says', async () => {
    const normalization = { mean: [0, 51, 2], std: [1, 51, 50] };
    expect(await fed('f32', normalization)).toMatchObject({
      data: Float32Array.of(0, 0, 2, 153, 3, Math.fround(5.06)),
    });
    expect(await fed('i8', { mean: [127.5], std: [0.5] })).toMatchObject({
      data: Int8Array.of(-128, -128, -51, 51, 127, 127),
    });
  });

  it('reads as many detections as there are, with classes from 0', () => {
    const raw = matched(tfliteDetection({ inputs: [input], outputs })).read({
      [OP]: tensorOf('f32', [1, 3, 4], [0, 0.5, 1, 0.75, 0.25, 0, 0.5, 1, 0, 0, 0, 0]),
      [`${OP}:1`]: tensorOf('f32', [1, 3], [2, 0, 0]),
      [`${OP}:2`]: tensorOf('f32', [1, 3], [0.75, 0.5, 0]),
      [`${OP}:3`]: tensorOf('f32', [1], [2]),
    });
    expect(toDetections(raw, { width: 100, height: 40 }, new Map([[2, 'cat']]))).toEqual([
      { label: 'cat', classId: 2, score: 0.75, box: { xmin: 50, ymin: 0, xmax: 75, ymax: 40 } },
      { label: 'class 0', classId: 0, score: 0.5, box: { xmin: 0, ymin: 10, xmax: 100, ymax: 20 } },
    ]);
  });
});
