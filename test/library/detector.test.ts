import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertModel, type DecantError, Detector, readImage, saveModel } from '../../src/index.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { core } from '../support/openvino.ts';
import { temporaryFolder } from '../support/run-cli.ts';

useFreshCache();

let detector: Detector;
beforeAll(async () => {
  detector = await Detector.load(CENTERNET, { core, device: 'CPU' });
});
afterAll(() => detector.close());

describe('Detector', () => {
  it('describes itself', () => {
    expect(detector).toMatchObject({ device: 'CPU', kind: 'centernet-boxes', firstClassId: 0 });
    expect(detector.labels.get(79)).toBe('toothbrush');
    expect(detector.compiled.inputs.map(String)).toEqual(['names[tower_0/images] shape[1,512,512,3] type: f32']);
  });

  it('accepts paths, URLs, bytes and pixels, also in parallel', async () => {
    const inputs = [PHOTO, pathToFileURL(PHOTO), await readFile(PHOTO), await readImage(PHOTO)];
    const results = await Promise.all(inputs.map(input => detector.detect(input, { threshold: 0.3 })));
    expect(results[0]!.detections.length).toBeGreaterThanOrEqual(5);
    for (const { width, height, image, detections, ms } of results) {
      expect({ width, height, pixels: image.data.length }).toEqual({
        width: 1280,
        height: 1158,
        pixels: 1280 * 1158 * 3,
      });
      expect(detections).toEqual(results[0]!.detections);
      expect(ms.infer).toBeGreaterThan(0);
    }
  });

  it('applies the selection and the class names', async () => {
    const { detections } = await detector.detect(PHOTO, {
      threshold: 0,
      maxDetections: 3,
      labels: new Map([[0, 'guest']]),
    });
    expect(detections.map(({ label }) => label)).toEqual(['guest', 'guest', 'guest']);
    expect((await detector.detect(PHOTO, { classIds: new Set([5]), threshold: 0.3 })).detections).toEqual([]);
  });

  it('detects small objects in a large image with tiles', async () => {
    const small = await sharp(PHOTO).resize(320).png().toBuffer();
    const wide = sharp({ create: { width: 2400, height: 1600, channels: 3, background: '#7a8a7a' } });
    const image = await wide
      .composite([{ input: small, left: 1100, top: 500 }])
      .png()
      .toBuffer();
    const alone = await detector.detect(image, { threshold: 0.3 });
    const { detections } = await detector.detect(image, { threshold: 0.3, tiles: { width: 512, height: 512 } });
    const people = detections.filter(({ label, box }) => {
      return label === 'person' && box.xmin > 1090 && box.xmax < 1430 && box.ymin > 490 && box.ymax < 800;
    });
    expect(people.length).toBeGreaterThanOrEqual(3);
    expect(people.length).toBeGreaterThan(alone.detections.length);
    expect(detections).toEqual([...detections].sort((a, b) => b.score - a.score));
    const best = await detector.detect(image, { threshold: 0.3, maxDetections: 2, tiles: { width: 512, height: 512 } });
    expect(best.detections).toHaveLength(2);
  });

  it('rejects invalid tiles before reading an image', async () => {
    const all = detector.detectAll([], { tiles: { width: 3, height: 512 } });
    await expect(all.next()).rejects.toMatchObject({ code: 'invalid-argument' } satisfies Partial<DecantError>);
  });

  it('can be cancelled, and is usable afterwards', async () => {
    const aborted = detector.detect(PHOTO, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: 'cancelled' } satisfies Partial<DecantError>);
    expect((await detector.detect(PHOTO, { threshold: 0.3 })).detections.length).toBeGreaterThanOrEqual(5);
  });

  it('keeps a passed core open, and rejects calls after close', async () => {
    const other = await Detector.load(CENTERNET, { core, device: 'CPU' });
    other.close();
    other.close();
    await expect(other.detect(PHOTO)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(core.getAvailableDevices()).toContain('CPU');
  });

  it('keeps the compiled model in a folder', async () => {
    const cacheDir = join(await temporaryFolder(), 'new', 'compiled');
    using first = await Detector.load(CENTERNET, { core, device: 'CPU', cacheDir });
    using second = await Detector.load(CENTERNET, { core, device: 'CPU', cacheDir });
    expect(first.compiled.getProperty('LOADED_FROM_CACHE')).toBe('NO');
    expect(second.compiled.getProperty('LOADED_FROM_CACHE')).toBe('YES');
    expect(await readdir(cacheDir)).toHaveLength(1);
    const { detections } = await first.detect(PHOTO, { threshold: 0.3 });
    expect((await second.detect(PHOTO, { threshold: 0.3 })).detections).toEqual(detections);
    await expect(Detector.load(CENTERNET, { core, cacheDir: PHOTO })).rejects.toMatchObject({ code: 'io' });
  });

  it('rejects models that are not detectors, missing files and unknown devices', async () => {
    await expect(Detector.load(LIVENESS, { core })).rejects.toMatchObject({ code: 'unsupported' });
    await expect(Detector.load('gone.xml', { core })).rejects.toMatchObject({ code: 'not-found' });
    await expect(Detector.load(CENTERNET, { core, device: 'TPU' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a model with a fixed batch size', () => {
  it('fills batches, pads the rest, and finds the same', async () => {
    const folder = await temporaryFolder();
    const xml = join(folder, 'batched.xml');
    await saveModel(await convertModel(CENTERNET, { batch: 3 }), xml);
    const photo = await readImage(PHOTO);
    const half = await sharp(PHOTO).resize(640).toBuffer();
    const images = [photo, half, photo, half, photo];
    using batched = await Detector.load(xml, { core, device: 'CPU' });
    expect(batched.compiled.input(0).shape).toEqual([3, 512, 512, 3]);
    expect(batched.requests).toBe(3 * Number(batched.compiled.getProperty('OPTIMAL_NUMBER_OF_INFER_REQUESTS')));
    let index = 0;
    for await (const { result, error } of batched.detectAll([...images, 'gone.jpg'], { threshold: 0.3 })) {
      const image = images[index++];
      if (image === undefined) {
        expect(error).toMatchObject({ code: 'not-found' });
        continue;
      }
      const expected = (await detector.detect(image, { threshold: 0.3 })).detections;
      expect(result!.detections.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
      for (const [i, { score, box }] of result!.detections.entries()) {
        expect(score).toBeCloseTo(expected[i]!.score, 3);
        expect(box.xmin).toBeCloseTo(expected[i]!.box.xmin, 0);
      }
    }
    expect(index).toBe(6);
  });
});
