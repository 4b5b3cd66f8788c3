import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ConvertedModel,
  convertModel,
  Detector,
  type Image,
  preprocess,
  readImage,
  resize,
  saveModel,
} from '../../src/index.ts';
import type { Detection } from '../../src/detect/detection.ts';
import { toFrame } from '../../src/detect/to-frame.ts';
import { parseSteps } from '../../src/preprocess/parse-steps.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, jsonOf, temporaryFolder } from '../support/run-cli.ts';
import { core } from '../support/openvino.ts';

const THRESHOLD = 0.25;
const OPTIONS = { device: 'CPU', core } as const;

let model: ConvertedModel;
let expected: readonly Detection[];
let folder: string;
let photo: Image;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-preprocess-'));
  model = await convertModel(CENTERNET);
  photo = await resize(await readImage(PHOTO), 480, 434);
  expected = await found(model);
  return () => rm(folder, { recursive: true });
});

async function load(of: ConvertedModel): Promise<Detector> {
  const xml = join(folder, `${count++}.xml`);
  await saveModel(of, xml);
  return Detector.load(xml, OPTIONS);
}

async function found(of: ConvertedModel): Promise<readonly Detection[]> {
  const detector = await load(of);
  try {
    return (await detector.detect(photo, { threshold: THRESHOLD })).detections;
  } finally {
    detector.close();
  }
}

/** Expects the same objects in any order, with limited differences of boxes in pixels and of scores. */
function expectNear(detections: readonly Detection[], pixels: number, score: number): void {
  expect(detections.length).toBe(expected.length);
  for (const one of expected) {
    const near = detections.filter(other => {
      const edges = (['xmin', 'ymin', 'xmax', 'ymax'] as const).map(edge => Math.abs(other.box[edge] - one.box[edge]));
      return other.label === one.label && Math.max(...edges) <= pixels && Math.abs(other.score - one.score) <= score;
    });
    expect(near, JSON.stringify(one)).toHaveLength(1);
  }
}

describe('a detector with preprocessing', () => {
  it('detects the same objects as without preprocessing', async () => {
    expect(expected.length).toBeGreaterThan(2);
    expectNear(await found(preprocess(model, 'u8,bgr,resize=bilinear_pillow')), 2, 0.02);
  });

  it.each(['rgbx,nchw', 'nv12', 'i420_three_planes'])(
    'detects objects in %s frames, in pixels of the image',
    async steps => {
      // Other filters and chroma subsampling change scores by a few hundredths.
      const detections = await found(preprocess(model, steps));
      const best = [...expected].slice(0, 3);
      for (const { label, box } of best) {
        const near = detections.filter(other => other.label === label && Math.abs(other.box.xmin - box.xmin) < 12);
        expect(near.length, label).toBeGreaterThan(0);
      }
    },
  );

  it('takes a camera frame', async () => {
    const detector = await load(preprocess(model, { input: { color: 'BGR', resize: 'bilinear_pillow' } }));
    const frame = toFrame(photo, 'tower_0/images', parseSteps('bgr'));
    const detections = await detector.detectFrame(frame, photo, { threshold: THRESHOLD });
    expectNear(detections, 2, 0.02);
    await expect(detector.detectFrame({ other: frame['tower_0/images']! }, photo)).rejects.toMatchObject({
      code: 'not-found',
    });
    detector.close();
  });

  it('is added only once', () => {
    const once = preprocess(model, 'bgr');
    expect(model.rtInfo).not.toHaveProperty('preprocess');
    expect(() => preprocess(once, 'bgr')).toThrow('the model already has preprocessing');
  });
});

describe('decant convert --preprocess', () => {
  it('saves an IR that detects objects in frames', async () => {
    const xml = join(await temporaryFolder(), 'out.xml');
    expect((await decant(['convert', CENTERNET, '-o', xml, '--preprocess', 'u8,nhwc,bgr,fit=letterbox'])).code).toBe(0);
    expect(await readFile(xml, 'utf8')).toContain('u8,nhwc,bgr,fit=fit_to_window_letterbox');
    const args = ['detect', xml, PHOTO, '--json', '--device', 'CPU', '--threshold', '0.3'];
    const { images } = jsonOf(await decant(args)) as {
      readonly images: readonly { readonly detections: readonly Detection[] }[];
    };
    const [best] = expected;
    // The photo is larger than its resized copy above.
    const factor = 1280 / photo.width;
    const near = images[0]!.detections.filter(({ label, box }) => {
      const edges = [box.xmin - factor * best!.box.xmin, box.ymax - factor * best!.box.ymax].map(Math.abs);
      return label === best!.label && Math.max(...edges) < 40;
    });
    expect(near.length).toBeGreaterThan(0);
  });

  it('rejects unknown steps', async () => {
    const xml = join(await temporaryFolder(), 'out.xml');
    const outcome = await decant(['convert', CENTERNET, '-o', xml, '--preprocess', 'u8,yuv']);
    expectFailure(outcome, 2, "'yuv' is not a preprocessing step", 'try: Separate steps with commas');
  });
});
