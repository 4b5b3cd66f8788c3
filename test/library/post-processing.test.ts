import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { convertModel, type ConvertModelOptions, Detector, saveModel } from '../../src/index.ts';
import { readIrInfo } from '../../src/api/ir-info.ts';
import { numbersOf } from '../../src/tensor/tensor.ts';
import { toMemory } from '../parity/graphs.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { core } from '../support/openvino.ts';
import { type Found, referenceDetections } from '../support/reference-nms.ts';
import { decant, expectFailure, jsonOf, temporaryFolder } from '../support/run-cli.ts';
import { seededImage } from '../support/seeded.ts';
import { readGoldens, writeSavedModel } from '../support/zoo-fixtures.ts';

/** An SSD of 20 classes with 1284 boxes. */
const SSD = 'ssd_mobilenet_v2_limits';
const LIMITS = { perClass: 20, total: 50, iou: 0.5, score: 0.3, sigma: 0 };
const CLASSES = 20;

describe('changed post-processing of an SSD', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'decant-post-'));
    await writeSavedModel(SSD, folder);
    return () => rm(folder, { recursive: true });
  });

  it.each<ConvertModelOptions>([
    {},
    { scoreThreshold: 0.45 },
    { scoreThreshold: 0.01, iouThreshold: 0.2 },
    { maxDetections: 7 },
    { keepClasses: [1], scoreThreshold: 0.01 },
    { keepClasses: '12,3,20', scoreThreshold: 0.05 },
  ])('leads to the detections of a plain implementation, with %j', async options => {
    const { conversion } = await convertModel(folder, { compressToFp16: false, ...options });
    using model = await core.readModel(toMemory(conversion.graph));
    using compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
    using request = compiled.createInferRequest();
    const [golden] = await readGoldens(SSD);
    const outputs = await request.inferAsync([seededImage(...golden!.image)]);
    const at = (name: string): readonly number[] => Array.from(numbersOf(outputs[name]!));
    const boxes = Float32Array.from(at('raw_detection_boxes'));
    const withBackground = at('raw_detection_scores');
    const scores = Float32Array.from(withBackground.filter((_, i) => i % (CLASSES + 1) > 0));
    const { scoreThreshold, iouThreshold, maxDetections = 50, keepClasses } = options;
    const keep = keepClasses === undefined ? undefined : String(keepClasses).split(',').map(Number);
    const shape = { images: 1, boxes: boxes.length / 4, classes: CLASSES, ownBoxes: false };
    const expected = referenceDetections(shape, { boxes, scores }, 0, {
      ...LIMITS,
      score: scoreThreshold ?? LIMITS.score,
      iou: iouThreshold ?? LIMITS.iou,
      total: maxDetections,
      keep: Array.from({ length: CLASSES }, (_, i) => i).filter(i => keep?.includes(i + 1) ?? true),
      agnostic: false,
      dropEmpty: false,
    });
    const count = at('num_detections')[0]!;
    const found = Array.from({ length: count }, (_, i): Found => {
      const box = at('detection_boxes').slice(4 * i, 4 * i + 4);
      return { box, score: at('detection_scores')[i]!, classId: at('detection_classes')[i]! - 1 };
    });
    const inImage = (x: number): number => Math.min(1, Math.max(0, x));
    expect(outputs['detection_scores']!.shape).toEqual([1, maxDetections]);
    expect(found).toEqual(expected.map(each => ({ ...each, box: each.box.map(inImage) })));
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('changed post-processing of CenterNet', () => {
  it('finds the peaks of some classes, and states the choice in the IR', async () => {
    const folder = await temporaryFolder();
    const xml = join(folder, 'out.xml');
    const threshold = 0.25;
    const convert = { keepClasses: ['person', 56], scoreThreshold: 0.4, maxDetections: 20 };
    using whole = await Detector.load(CENTERNET, { device: 'CPU', core });
    const { detections } = await whole.detect(PHOTO, { threshold });
    const { rtInfo } = await saveAs(xml, convert);
    using part = await Detector.load(xml, { device: 'CPU', core });
    const result = await part.detect(PHOTO, { threshold: 0 });
    const wanted = detections.filter(({ label, score }) => ['person', 'chair'].includes(label) && score > 0.4);
    expect(wanted.length).toBeGreaterThan(1);
    expect(result.detections.map(({ label }) => label)).toEqual(wanted.map(({ label }) => label));
    expect(rtInfo['conversion']).toMatchObject({
      score_threshold: '0.4',
      max_detections: '20',
      keep_classes: '0 person, 56 chair',
    });
    const { stdout } = await decant(['info', xml]);
    expect(stdout).toContain(
      'score threshold: 0.4\nmaximum number of detections: 20\nonly classes: 0 person, 56 chair\ninputs: 1\n',
    );
    expect(jsonOf(await decant(['info', xml, '--json']))).toMatchObject({
      rtInfo: { conversion: { score_threshold: '0.4' } },
    });
  });

  it('takes the names of other labels', async () => {
    const labels = new Map([[5, 'robot']]);
    const { rtInfo } = await convertModel(CENTERNET, { keepClasses: 'robot', labels });
    expect(rtInfo['conversion']).toMatchObject({ keep_classes: '5 robot' });
    using detector = await Detector.load(CENTERNET, { core, device: 'CPU', labels, convert: { keepClasses: 'robot' } });
    expect((await readIrInfo(detector.path)).labels?.get(5)).toBe('robot');
  });

  it('limits the rows of the layout ssd7', async () => {
    const { conversion, rtInfo } = await convertModel(CENTERNET, {
      layout: 'ssd7',
      maxDetections: 9,
      scoreThreshold: 0.2,
    });
    expect(conversion.graph.outputs.get('detection_out')!.shape).toEqual([1, 1, 9, 7]);
    expect(rtInfo['model_info']).toMatchObject({ confidence_threshold: '0.2' });
  });
});

async function saveAs(xml: string, options: ConvertModelOptions): Promise<Awaited<ReturnType<typeof convertModel>>> {
  const model = await convertModel(CENTERNET, options);
  await saveModel(model, xml);
  return model;
}

describe('options that cannot be applied', () => {
  it.each<[string, ConvertModelOptions, string]>([
    [CENTERNET, { iouThreshold: 0.5 }, 'takes the peaks of a heat map, without non-maximum suppression'],
    [CENTERNET, { keepClasses: 'person,80' }, 'no class 80'],
    [CENTERNET, { keepClasses: 'Persn' }, "no class named 'Persn'"],
    [CENTERNET, { keepClasses: 'person,' }, 'not a list of names or ids'],
    [CENTERNET, { keepClasses: [] }, 'not a list of names or ids'],
    [CENTERNET, { maxDetections: 101 }, 'at most 100 detections, not 101'],
    [CENTERNET, { maxDetections: 0 }, 'must be 1 or more'],
    [CENTERNET, { scoreThreshold: 1.5 }, 'between 0 and 1'],
    [CENTERNET, { iouThreshold: NaN }, 'between 0 and 1'],
    [LIVENESS, { scoreThreshold: 0.5 }, 'no non-maximum suppression, and does not take the peaks'],
    [LIVENESS, { iouThreshold: 0.5 }, 'no non-maximum suppression, and does not take the peaks'],
    [LIVENESS, { keepClasses: [1] }, 'no non-maximum suppression, and does not take the peaks'],
    [LIVENESS, { maxDetections: 5 }, 'not a known detector'],
  ])('%s with %j', async (model, options, message) => {
    await expect(convertModel(model, options)).rejects.toThrow(message);
  });

  it('are named by the command line, with similar names', async () => {
    const folder = await temporaryFolder();
    const convert = (...args: readonly string[]): ReturnType<typeof decant> =>
      decant(['convert', CENTERNET, '-o', join(folder, 'out.xml'), ...args]);
    expectFailure(await convert('--keep-classes', 'persn'), 1, "no class named 'persn'", "Did you mean 'person'?");
    expectFailure(
      await convert('--iou-threshold', '0.5'),
      1,
      'without non-maximum suppression',
      'Leave the IoU threshold out',
    );
    expect(await convert('--score-threshold', '2')).toMatchObject({ code: 2 });
    expectFailure(await convert('--max-detections', '101'), 2, 'at most 100 detections');
  });

  it('of CenterNet are rejected for its IR, except the number of detections', async () => {
    const xml = join(await temporaryFolder(), 'out.xml');
    await saveAs(xml, {});
    for (const convert of [{ scoreThreshold: 0.5 }, { keepClasses: 'person' }, { iouThreshold: 1 }]) {
      await expect(Detector.load(xml, { core, convert })).rejects.toMatchObject({
        code: 'unsupported',
        remedy: expect.stringContaining('when converting the TensorFlow model') as string,
      });
    }
    using detector = await Detector.load(xml, { core, device: 'CPU', convert: { maxDetections: 2 } });
    expect((await detector.detect(PHOTO, { threshold: 0 })).detections).toHaveLength(2);
    expectFailure(await decant(['info', xml, '--score-threshold', '0.5']), 2, 'cannot be changed here');
  });
});

describe('changed post-processing of an IR', () => {
  const detectionsOf = async (
    model: string,
    convert: ConvertModelOptions,
  ): Promise<readonly { readonly classId: number; readonly score: number }[]> => {
    using detector = await Detector.load(model, { core, device: 'CPU', convert });
    const { detections } = await detector.detect(PHOTO, { threshold: 0.01 });
    return detections.map(({ classId, score, box }) => ({ classId, score, box }));
  };

  it.each<[string, ConvertModelOptions]>([
    ['yolo-v3', { iouThreshold: 0.1, scoreThreshold: 0.2, keepClasses: [1, 2] }],
    ['yolo', { iouThreshold: 0.1, scoreThreshold: 0.2, keepClasses: [1, 2], maxDetections: 9 }],
  ])('leads to the detections of a conversion with it: %s', async (name, convert) => {
    const folder = await temporaryFolder();
    const model = join(folder, 'model.pb');
    await writeFile(
      model,
      gunzipSync(await readFile(join(import.meta.dirname, '../fixtures/detectors', `${name}.pb.gz`))),
    );
    const xml = join(folder, 'model.xml');
    await saveModel(await convertModel(model), xml);
    const found = await detectionsOf(xml, convert);
    expect(found).toEqual(await detectionsOf(model, convert));
    expect(found.length).toBeGreaterThan(0);
    expect(found).not.toEqual((await detectionsOf(xml, {})).slice(0, found.length));
  });

  it('is refused if the graph is optimized for the thresholds that it has', async () => {
    const folder = await temporaryFolder();
    await writeSavedModel(SSD, folder);
    const xml = join(folder, 'model.xml');
    for (const [model, convert] of [
      [folder, { iouThreshold: 0.3 }],
      [CENTERNET, { scoreThreshold: 0.3 }],
    ] as const) {
      await saveModel(await convertModel(model), xml);
      await expect(Detector.load(xml, { core, convert })).rejects.toMatchObject({
        code: 'unsupported',
        message: 'the IR is optimized for the thresholds and classes that it has',
      });
    }
  });
});
