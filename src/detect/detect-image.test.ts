import { describe, expect, it } from 'vitest';
import { tensorOf } from '../tensor/tensor.ts';
import { detectImage } from './detect-image.ts';
import { findHead } from './heads/find-head.ts';
import type { Tensors } from './heads/port.ts';
import type { Image } from '../image/image.ts';

const head = findHead({
  inputs: [{ names: ['images'], type: 'f32', shape: [1, 2, 2, 3] }],
  outputs: [{ names: ['rows'], type: 'f32', shape: [1, 3, 6] }],
  selection: 'peaks',
});
const image: Image = { width: 4, height: 2, data: new Uint8Array(24), name: 'black' };

const run = (inputs: Tensors): Promise<Tensors> => {
  expect(inputs['images']?.shape).toEqual([1, 2, 2, 3]);
  const rows = [0, 0, 1, 1, 0.25, 0, 0, 0, 2, 2, 0.75, 16, 1, 1, 2, 2, 0.125, 2];
  return Promise.resolve({ rows: tensorOf('f32', [1, 3, 6], rows) });
};

describe('detectImage', () => {
  it('returns the best detections first, and timings', async () => {
    const { detections, timings } = await detectImage(image, head, run, { threshold: 0.2 });
    expect(detections).toEqual([
      { label: 'dog', classId: 16, score: 0.75, box: { xmin: 0, ymin: 0, xmax: 4, ymax: 2 } },
      { label: 'person', classId: 0, score: 0.25, box: { xmin: 0, ymin: 0, xmax: 2, ymax: 1 } },
    ]);
    expect(Object.keys(timings)).toEqual(['prepare', 'infer', 'decode']);
    for (const time of Object.values(timings)) expect(time).toBeGreaterThanOrEqual(0);
  });

  it("prefers given labels to the head's", async () => {
    const { detections } = await detectImage(image, head, run, { labels: new Map([[16, 'hound']]) });
    expect(detections.map(({ label }) => label)).toEqual(['hound', 'class 0', 'class 2']);
  });
});
