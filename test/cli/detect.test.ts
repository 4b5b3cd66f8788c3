import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../../src/detect/detection.ts';
import { VERSION } from '../../src/version.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, filesBelow, jsonOf, type Outcome, temporaryFolder } from '../support/run-cli.ts';

interface Answer {
  readonly model: string;
  readonly device: string;
  readonly images: readonly {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly ms: Readonly<Record<string, number>>;
    readonly detections: readonly Detection[];
  }[];
}

const detect = (...args: readonly string[]): Promise<Outcome> => decant(['detect', ...args]);

/** Detections in the image. */
async function found(...args: readonly string[]): Promise<readonly Detection[]> {
  const { images } = jsonOf(await detect(...args, '--json')) as Answer;
  return images[0]!.detections;
}

describe('detect', () => {
  it('detects in tiles', async () => {
    const [whole, tiled] = await Promise.all([
      found(CENTERNET, PHOTO, '--threshold', '0.3'),
      found(CENTERNET, PHOTO, '--threshold', '0.3', '--tile', '640x600', '--overlap', '0.3'),
    ]);
    expect(tiled.length).toBeGreaterThan(whole.length);
  });

  it('rejects invalid tiles', async () => {
    for (const [args, text] of [
      [['--overlap', '0.3'], '--overlap needs --tile'],
      [['--tile', '3'], 'the sides of a tile must be whole numbers of at least 16 pixels, got 3 x 3'],
    ] as const) {
      const { code, stderr } = await detect(CENTERNET, PHOTO, ...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(text)]);
    }
    expect((await detect(CENTERNET, PHOTO, '--tile', 'big')).code).toBe(2);
  });

  it('says how many tiles there are', async () => {
    const args = [CENTERNET, PHOTO, '--tile', '640x600', '--overlap', '0.3'];
    expect((await detect(...args)).stdout).toMatch(/samples\.jpg: 1280 x 1158 and 9 tiles, \d+ found/);
    expect(jsonOf(await detect(...args, '--json'))).toMatchObject({ images: [{ tiles: 9 }] });
    const small = await detect(CENTERNET, PHOTO, '--tile', '2000');
    expect(small.stdout).toMatch(/samples\.jpg: 1280 x 1158 \(no larger than a tile\), \d+ found/);
  });

  it('prints one JSON object', async () => {
    const answer = jsonOf(await detect(CENTERNET, PHOTO, '--device', 'CPU', '--threshold', '0.3', '--json')) as Answer;
    expect(answer).toEqual({
      schemaVersion: 1,
      version: VERSION,
      model: CENTERNET,
      device: 'CPU',
      threshold: 0.3,
      images: [
        {
          file: PHOTO,
          width: 1280,
          height: 1158,
          ms: {
            read: expect.any(Number) as number,
            prepare: expect.any(Number) as number,
            infer: expect.any(Number) as number,
            decode: expect.any(Number) as number,
          },
          detections: expect.any(Array) as Detection[],
        },
      ],
    });
    const { detections } = answer.images[0]!;
    expect(detections.length).toBeGreaterThanOrEqual(5);
    for (const { label, classId, score, box, ...more } of detections) {
      expect({ label, classId, more }).toEqual({ label: 'person', classId: 0, more: {} });
      expect(score).toBeGreaterThanOrEqual(0.3);
      expect(box.xmin).toBeGreaterThanOrEqual(0);
      expect(box.xmin).toBeLessThan(box.xmax);
      expect(box.xmax).toBeLessThanOrEqual(1280);
      expect(box.ymin).toBeGreaterThanOrEqual(0);
      expect(box.ymin).toBeLessThan(box.ymax);
      expect(box.ymax).toBeLessThanOrEqual(1158);
    }
    const scores = detections.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    // The woman in the second small image of the top row.
    expect(Object.values(detections[0]!.box).map(edge => Math.round(edge / 20))).toEqual([8, 0, 15, 8]);
  });

  it('prints the ports, the device and a table, and draws', async () => {
    const folder = await temporaryFolder();
    const { code, stdout, stderr } = await detect(CENTERNET, PHOTO, '--threshold', '0.3', '--save', folder);
    expect(code).toBe(0);
    expect(stderr).toContain('  input   names[tower_0/images] shape[1,512,512,3] type: f32\n');
    expect(stderr).toContain('  output  names[tower_0/detections] shape[1,100,6] type: f32\n');
    expect(stderr).toMatch(/^device: \w+ \(requested AUTO\)$/m);
    expect(stdout).toMatch(
      /samples\.jpg: 1280 x 1158, \d+ found in [\d.]+ m?s\n {2}label +score +xmin +ymin +xmax +ymax\n/,
    );
    expect(stdout).toMatch(/^ {2}person +0\.\d\d +\d+ +\d+ +\d+ +\d+$/m);
    expect(stderr).toMatch(/\nsaved .*samples-detected\.jpg\n$/);
    expect(await filesBelow(folder)).toEqual(['samples-detected.jpg']);
    const before = await sharp(PHOTO).raw().toBuffer();
    const after = await sharp(join(folder, 'samples-detected.jpg')).raw().toBuffer();
    expect(after.byteLength).toBe(before.byteLength);
    const marked = after.filter((value, i) => Math.abs(value - before[i]!) > 64).byteLength;
    expect(marked / after.byteLength).toBeGreaterThan(0.005);
  });

  it('converts a model once', async () => {
    const cache = await temporaryFolder();
    const run = (model: string): Promise<Outcome> => decant(['detect', model, PHOTO], { env: { DECANT_CACHE: cache } });
    expect((await run(CENTERNET)).stderr).toContain('(centernet-boxes, converted in ');
    expect((await run(CENTERNET)).stderr).toContain('(centernet-boxes)\n  because it has an output of rows [1,N,6]: ');
    const files = await readdir(join(cache, 'models'));
    expect(files.map(file => file.replace(/^\w+/, ''))).toEqual(['.bin', '.labels.txt', '.xml']);
  });

  it('detects the same with the IR', async () => {
    const folder = await temporaryFolder();
    const xml = join(folder, 'centernet.xml');
    expect((await decant(['convert', CENTERNET, '-o', xml])).code).toBe(0);
    expect(await found(xml, PHOTO, '--threshold', '0.2')).toEqual(await found(CENTERNET, PHOTO, '--threshold', '0.2'));
  });

  it('keeps the best detections, and uses other labels', async () => {
    const folder = await temporaryFolder();
    const labels = join(folder, 'labels.txt');
    await writeFile(labels, 'human being\nbicycle\n');
    const best = await found(CENTERNET, PHOTO, '--threshold', '0', '--top', '2', '--labels', labels);
    expect(best.map(({ label }) => label)).toEqual(['human being', 'human being']);
    expect(await found(CENTERNET, PHOTO, '--threshold', '1')).toEqual([]);
  });

  it('saves images of the same name under different names', async () => {
    const folder = await temporaryFolder();
    const images = [join(folder, 'photo.jpg'), join(folder, 'b', 'photo.jpg'), join(folder, 'photo.tif')];
    await mkdir(join(folder, 'b'));
    for (const image of images) {
      if (image.endsWith('.tif')) await sharp(PHOTO).toFile(image);
      else await copyFile(PHOTO, image);
    }
    expect((await detect(CENTERNET, ...images, '--save', join(folder, 'found'))).code).toBe(0);
    expect(await readdir(join(folder, 'found'))).toEqual([
      'decant-detections.jsonl',
      'photo-detected-2.jpg',
      'photo-detected.jpg',
      'photo-detected.png',
    ]);
  });
});
