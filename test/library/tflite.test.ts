import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Detector } from '../../src/index.ts';
import { convertModel, saveModel } from '../../src/index.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { core } from '../support/openvino.ts';
import { temporaryFolder } from '../support/run-cli.ts';
import { seededImage } from '../support/seeded.ts';
import { FOLDER } from '../tflite/lite-cases.ts';

useFreshCache();

const DETECTOR = join(FOLDER, 'detector.tflite');

it('detects with a TensorFlow Lite model, by the names and the normalization in its metadata', async () => {
  using detector = await Detector.load(DETECTOR, { core, device: 'CPU' });
  expect(detector).toMatchObject({ kind: 'tflite-detection', firstClassId: 0 });
  expect([...detector.labels]).toEqual([
    [0, 'cat'],
    [1, 'class_1'],
    [2, 'hot dog'],
  ]);
  const data = seededImage(48, 48, 3).data as Uint8Array;
  const image = { width: 48, height: 48, data, name: 'noise' };
  const { detections } = await detector.detect(image, { threshold: 0 });
  const [mean, std] = [
    [100, 110, 120],
    [50, 60, 70],
  ];
  const values = Float32Array.from(data, (pixel, i) => (pixel - mean[i % 3]!) / std[i % 3]!);
  const frame = { in0: { type: 'f32', shape: [1, 48, 48, 3], data: values } } as const;
  expect(detections.length).toBeGreaterThan(2);
  expect(await detector.detectFrame(frame, image, { threshold: 0 })).toEqual(detections);
});

it('keeps names and normalization in the IR', async () => {
  const model = await convertModel(DETECTOR);
  expect(model.rtInfo['conversion']).toMatchObject({
    format: 'tflite',
    image_mean: '100 110 120',
    image_std: '50 60 70',
  });
  const { xml } = await saveModel(model, join(await temporaryFolder(), 'ssd.xml'));
  using detector = await Detector.load(xml, { core, device: 'CPU' });
  expect(detector.labels.get(2)).toBe('hot dog');
});
