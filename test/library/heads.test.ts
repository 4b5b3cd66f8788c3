import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertModel } from '../../src/api/convert-model.ts';
import { Detector } from '../../src/api/detector.ts';
import { saveModel } from '../../src/api/save-model.ts';
import type { ConvertModelOptions } from '../../src/api/convert-model-options.ts';
import type { Detection } from '../../src/detect/detection.ts';
import type { Image } from '../../src/image/image.ts';
import { Core } from '../../src/runtime/core.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/detectors');

interface Expected {
  readonly width: number;
  readonly height: number;
  /** RGB of each block of 4 x 4 pixels. */
  readonly pixels: string;
  readonly detections: readonly {
    readonly box: readonly [number, number, number, number];
    readonly classId: number;
    readonly score: number;
    readonly keypoints?: readonly (readonly [x: number, y: number, score: number])[];
    /** Bits of the whole image. */
    readonly mask?: string;
  }[];
}

const modelOf = (name: string): Uint8Array => gunzipSync(readFileSync(join(FOLDER, `${name}.pb.gz`)));
const expectedOf = (name: string): Expected =>
  JSON.parse(gunzipSync(readFileSync(join(FOLDER, `${name}.json.gz`))).toString()) as Expected;

function imageOf({ width, height, pixels }: Expected): Image {
  const blocks = Buffer.from(pixels, 'base64');
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const block = Math.floor(Math.floor(pixel / width) / 4) * (width / 4) + Math.floor((pixel % width) / 4);
    return blocks[3 * block + (i % 3)]!;
  });
  return { width, height, data, name: 'blocks' };
}

const folder = mkdtempSync(join(tmpdir(), 'decant-heads-'));
let core: Core;
beforeAll(() => void (core = new Core()));
afterAll(() => {
  core.close();
  rmSync(folder, { recursive: true });
});

async function detect(name: string, convert: ConvertModelOptions = {}): Promise<readonly Detection[]> {
  const { xml } = await saveModel(
    await convertModel(modelOf(name), { compressToFp16: false, ...convert }),
    join(folder, 'model.xml'),
  );
  using detector = await Detector.load(xml, { device: 'CPU', core });
  const { detections } = await detector.detect(imageOf(expectedOf(name)), { threshold: 0 });
  return detections;
}

/** Compares with TensorFlow's detections, of which those outside of the image are no detections. */
function expectSame(found: readonly Detection[], { detections, width }: Expected): void {
  const inside = detections.filter(({ box: [xmin, ymin, xmax, ymax] }) => xmin < xmax && ymin < ymax);
  expect(inside.length).toBeGreaterThan(8);
  expect(found).toHaveLength(inside.length);
  inside.forEach(({ box, classId, score, keypoints, mask }, i) => {
    const { box: own, ...detection } = found[i]!;
    expect(detection.classId).toBe(classId);
    expect(Math.abs(detection.score - score)).toBeLessThan(1e-4);
    [own.xmin, own.ymin, own.xmax, own.ymax].forEach((edge, k) => expect(Math.abs(edge - box[k]!)).toBeLessThan(1e-2));
    keypoints?.forEach(([x, y, visibility], k) => {
      const point = detection.keypoints![k]!;
      expect(Math.hypot(point.x - x, point.y - y, point.score - visibility)).toBeLessThan(1e-2);
    });
    if (mask === undefined) return;
    const bits = Buffer.from(mask, 'base64');
    const { x, y, width: columns, data } = detection.mask!;
    const wrong = data.filter((bit, k) => {
      const at = (y + Math.floor(k / columns)) * width + x + (k % columns);
      return bit !== ((bits[at >> 3]! >> (7 - (at & 7))) & 1);
    });
    expect(wrong.length).toBeLessThanOrEqual(data.length / 100);
  });
}

describe('detectors without NMS', () => {
  it.each([
    ['yolo', {}],
    ['yolo-fractions', {}],
    ['yolo-masks', {}],
    ['yolo-pose', {}],
    ['yolo-v5', {}],
    ['yolo-v4', {}],
    ['yolo-v3-grids', { head: 'yolo-v3-grids' }],
    ['yolo-v3', {}],
    ['ssd-candidates', {}],
    ['yolo-v5-nms', {}],
    ['ssd-numbered', {}],
  ])('finds what TensorFlow finds with %s', async (name, options) => {
    expectSame(await detect(name, options), expectedOf(name));
  });

  it.each(['yolo', 'yolo-fractions', 'yolo-masks', 'yolo-pose', 'yolo-v5'])(
    'finds the same with NMS in the graph of %s',
    async name => {
      expectSame(await detect(name, { nms: true }), expectedOf(name));
    },
  );

  it.each(['yolo', 'yolo-masks', 'yolo-pose', 'yolo-v5', 'yolo-v4', 'ssd-candidates'])(
    'recognizes %s in the graph of an IR that says nothing about it',
    async name => {
      const { xml } = await saveModel(await convertModel(modelOf(name)), join(folder, 'other.xml'));
      const written = readFileSync(xml, 'utf8');
      const silent = written.replace(/<conversion>.*<\/conversion>/s, '');
      expect(silent.length).toBeLessThan(written.length);
      writeFileSync(xml, silent);
      using detector = await Detector.load(xml, { device: 'CPU', core });
      expect(detector.kind).toBe(name.replace('-masks', ''));
    },
  );

  it.each([false, true])('applies thresholds, a limit and classes (in the graph: %s)', async nms => {
    const options = { scoreThreshold: 0.5, iouThreshold: 0.2, maxDetections: 5, keepClasses: '0,2' };
    const found = await detect('yolo', { nms, ...options });
    expect(found).toHaveLength(5);
    expect(found.every(({ score, classId }) => score > 0.5 && classId !== 1)).toBe(true);
    const wide = await detect('yolo', { nms, iouThreshold: 0.2 });
    expect(wide.length).toBeLessThan(expectedOf('yolo').detections.length);
  });

  it("takes COCO's names only for as many classes", async () => {
    for (const [name, options] of [
      ['yolo', {}],
      ['yolo', { nms: true }],
      ['yolo-v3', {}],
      ['yolo-v5-nms', {}],
    ] as const) {
      expect((await convertModel(modelOf(name), options)).labels).toBeUndefined();
    }
  });

  it('writes the layout ssd7 of selected detections only', async () => {
    const { conversion } = await convertModel(modelOf('yolo'), { nms: true, layout: 'ssd7' });
    expect([...conversion.graph.outputs].map(([name, { shape }]) => [name, shape])).toEqual([
      ['detection_out', [1, 1, 300, 7]],
    ]);
    for (const [name, remedy] of [
      ['yolo', 'Add --nms'],
      ['ssd-candidates', 'suppress boxes'],
      ['yolo-v3', 'read the outputs as they are'],
    ] as const) {
      await expect(convertModel(modelOf(name), { layout: 'ssd7' })).rejects.toMatchObject({
        code: 'unsupported',
        remedy: expect.stringContaining(remedy) as string,
      });
    }
  });

  it('says that grids do not show which anchors they were trained with', async () => {
    await expect(detect('yolo-v3-grids')).rejects.toThrow('could be yolo-v4-grids or yolo-v3-grids (it has 3 grids');
  });

  it('refuses NMS where detections are selected already, or decoded elsewhere', async () => {
    await expect(detect('yolo-v3-grids', { head: 'yolo-v3-grids', nms: true })).rejects.toThrow('cannot be added');
    await expect(detect('ssd-candidates', { nms: true })).rejects.toThrow('cannot be added');
  });
});
