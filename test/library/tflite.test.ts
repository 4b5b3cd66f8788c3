import { readFileSync } from 'node:fs';
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

interface Candidates {
  readonly pixels: string;
  readonly detections: readonly {
    readonly label: string;
    readonly score: number;
    /** x, y, width and height, rounded to whole pixels; only x and y are cut off at the edges of the image. */
    readonly box: readonly [number, number, number, number];
  }[];
}

it("finds what MediaPipe finds with a detector without NMS, by its file's anchors", async () => {
  const { xml } = await saveModel(
    await convertModel(join(FOLDER, 'candidates.tflite'), { compressToFp16: false }),
    join(await temporaryFolder(), 'candidates.xml'),
  );
  using detector = await Detector.load(xml, { core, device: 'CPU' });
  expect(detector).toMatchObject({ kind: 'mediapipe-detection', firstClassId: 0 });
  const { pixels, detections } = JSON.parse(readFileSync(join(FOLDER, 'candidates.json'), 'utf8')) as Candidates;
  const image = { width: 48, height: 48, data: Uint8Array.from(Buffer.from(pixels, 'base64')), name: 'noise' };
  const { detections: found } = await detector.detect(image, { threshold: 0.3 });
  expect(found.length).toBeGreaterThan(40);
  const unseen = detections.filter(({ score, box: [x, y, width, height] }) => {
    const same = found.find(each => Math.abs(each.score - score) < 2e-5);
    const isWhole = x + width < 48 && y + height < 48 && width > 1 && height > 1;
    if (same === undefined) return isWhole;
    const { xmin, ymin, xmax, ymax } = same.box;
    expect([Math.abs(xmin - x), Math.abs(ymin - y)].every(each => each < 1)).toBe(true);
    if (x > 0 && y > 0 && isWhole) expect(Math.max(xmax - xmin - width, ymax - ymin - height)).toBeLessThan(1.01);
    return false;
  });
  expect(unseen).toEqual([]);
  expect(new Set(found.map(({ label }) => label))).toEqual(new Set(['background', 'apple', 'pear']));
});

it('needs the anchors to read candidates', async () => {
  const model = await convertModel(join(FOLDER, 'candidates.tflite'));
  const { anchors, ...conversion } = model.rtInfo['conversion'] as Readonly<Record<string, string>>;
  expect(anchors!.split(' ')).toHaveLength(4 * 72);
  const silent = { ...model, rtInfo: { ...model.rtInfo, conversion } };
  const { xml } = await saveModel(silent, join(await temporaryFolder(), 'silent.xml'));
  using detector = await Detector.load(xml, { core, device: 'CPU' });
  const image = { width: 48, height: 48, data: seededImage(48, 48, 3).data as Uint8Array, name: 'noise' };
  await expect(detector.detect(image)).rejects.toThrow('the model does not contain the anchors of its boxes');
});
