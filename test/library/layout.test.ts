import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convertModel, type ConvertModelOptions, Detector, preprocess, saveModel } from '../../src/index.ts';
import type { Detection } from '../../src/detect/detection.ts';
import type { DetectionEncoding } from '../../src/detect/heads/detection-encoding.ts';
import { detectionRows } from '../../src/detect/heads/detection-rows.ts';
import type { Port } from '../../src/detect/heads/port.ts';
import { toSsd7 } from '../../src/output-layout/ssd7.ts';
import { Builder } from '../../src/ov/builder.ts';
import type { Graph } from '../../src/ov/graph.ts';
import { symbol } from '../../src/tensor/dim.ts';
import { tensorOf, vector } from '../../src/tensor/tensor.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decant, expectFailure, jsonOf, temporaryFolder } from '../support/run-cli.ts';
import { core } from '../support/openvino.ts';
import { runOnOpenVino } from '../ops/run-on-openvino.ts';
import { writeSavedModel } from '../support/zoo-fixtures.ts';

/** Effect of reordered f32 arithmetic, in pixels of a photo. */
const ROUNDING = 0.01;

async function load(xml: string): Promise<Detector> {
  return Detector.load(xml, { device: 'CPU', core });
}

async function found(options: ConvertModelOptions, model = CENTERNET): Promise<readonly Detection[]> {
  const xml = join(await temporaryFolder(), 'model.xml');
  await saveModel(await convertModel(model, options), xml);
  using detector = await load(xml);
  return (await detector.detect(PHOTO, { threshold: 0.25 })).detections;
}

/** Replaces 0, which some readers take for an empty box. */
const ZERO = 2 ** -20;

/** The largest difference of box edges in pixels; infinite if the objects differ. */
function differenceOf(actual: readonly Detection[], expected: readonly Detection[]): number {
  const names = (detections: readonly Detection[]): string => detections.map(({ label }) => label).join();
  if (names(actual) !== names(expected)) return Infinity;
  const differences = expected.flatMap(({ box }, i) =>
    (['xmin', 'ymin', 'xmax', 'ymax'] as const).map(side => Math.abs(actual[i]!.box[side] - box[side])),
  );
  return Math.max(...differences);
}

describe('toSsd7', () => {
  const b = new Builder();
  const port = (name: string, shape: Port['shape']): Port => ({ names: [name], type: 'f32', shape });

  it.each([
    ['fixed', 3],
    ['dynamic', symbol('n')],
  ] as const)('converts columns with a count, of a %s number of rows', async (_, n) => {
    const inputs = new Map([
      ['boxes', b.parameter('boxes', 'f32', [1, n, 4])],
      ['scores', b.parameter('scores', 'f32', [1, n])],
      ['classes', b.parameter('classes', 'i32', [1, n])],
      ['count', b.parameter('count', 'f32', [1])],
    ]);
    const graph: Graph = { name: 'columns', inputs, outputs: inputs };
    const table: DetectionEncoding = {
      kind: 'columns',
      boxes: port('boxes', [1, 3, 4]),
      scores: port('scores', [1, 3]),
      classes: port('classes', [1, 3]),
      count: port('count', [1]),
      format: 'yxyx',
      unit: 'fractions',
    };
    const result = await runOnOpenVino(
      toSsd7(graph, table, unknownSize),
      new Map([
        ['boxes', tensorOf('f32', [1, 3, 4], [0.25, 0.5, 0.75, 1.5, -1, 0, 1, 0.5, 0.5, 0.5, 1, 1])],
        ['scores', tensorOf('f32', [1, 3], [0.75, 0.5, 0.25])],
        ['classes', tensorOf('i32', [1, 3], [17, 1, 90])],
        ['count', tensorOf('f32', [1], [2])],
      ]),
    );
    expect([...result.inferred]).toEqual([['detection_out', typeof n === 'number' ? 'f32[1,1,3,7]' : 'f32[1,1,?,7]']]);
    const rows = [...[0, 17, 0.75, 0.5, 0.25, 1, 0.75], ...[0, 1, 0.5, ZERO, ZERO, 0.5, 1], ...[-1, 0, 0, 0, 0, 0, 0]];
    expect(result.outputs.get('detection_out')).toEqual(tensorOf('f32', [1, 1, 3, 7], rows));
  });

  it('converts rows in pixels', async () => {
    const rows = b.parameter('rows', 'f32', [1, 1, 6]);
    const graph: Graph = { name: 'rows', inputs: new Map([['rows', rows]]), outputs: new Map([['rows', rows]]) };
    const table = detectionRows(port('rows', [1, 1, 6]), { width: 8, height: 4 });
    const { outputs } = await runOnOpenVino(
      toSsd7(graph, table, unknownSize),
      new Map([['rows', tensorOf('f32', [1, 1, 6], [2, 1, 6, 3, 0.5, 16])]]),
    );
    const expected = tensorOf('f32', [1, 1, 1, 7], [0, 16, 0.5, 0.25, 0.25, 0.75, 0.75]);
    expect(outputs.get('detection_out')).toEqual(expected);
  });

  /** The same box in each format: x from 2 to 6 and y from 1 to 3, in pixels of an image of 8 x 4. */
  it.each([
    ['xyxy', [2, 1, 6, 3]],
    ['yxyx', [1, 2, 3, 6]],
    ['xywh', [2, 1, 4, 2]],
    ['yxhw', [1, 2, 2, 4]],
    ['cxcywh', [4, 2, 4, 2]],
    ['cycxhw', [2, 4, 2, 4]],
  ] as const)(
    'converts boxes %s after other columns, in pixels of an image whose size the graph has',
    async (format, box) => {
      const rows = b.parameter('rows', 'f32', [1, 1, 7]);
      const graph: Graph = { name: 'rows', inputs: new Map([['rows', rows]]), outputs: new Map([['rows', rows]]) };
      const table: DetectionEncoding = {
        kind: 'rows',
        rows: port('rows', [1, 1, 7]),
        width: 7,
        at: { box: 1, score: 6, class: 5 },
        format,
        unit: 'pixels',
        count: undefined,
      };
      const { outputs } = await runOnOpenVino(
        toSsd7(graph, table, builder => builder.constant(vector('f32', [4, 8]))),
        new Map([['rows', tensorOf('f32', [1, 1, 7], [0, ...box, 16, 0.5])]]),
      );
      const expected = tensorOf('f32', [1, 1, 1, 7], [0, 16, 0.5, 0.25, 0.25, 0.75, 0.75]);
      expect(outputs.get('detection_out')).toEqual(expected);
    },
  );

  it.each([
    ['pixels of a resized image', [2, 5, 6, 15]],
    ['fractions', [0.25, 0.25, 0.75, 0.75]],
  ] as const)('converts boxes of Model Garden in %s', async (_, box) => {
    const inputs = new Map([
      ['boxes', b.parameter('boxes', 'f32', [1, 1, 4])],
      ['scores', b.parameter('scores', 'f32', [1, 1])],
      ['classes', b.parameter('classes', 'i32', [1, 1])],
      ['info', b.parameter('info', 'f32', [1, 4, 2])],
    ]);
    const graph: Graph = { name: 'columns', inputs, outputs: inputs };
    const table: DetectionEncoding = {
      kind: 'columns',
      boxes: port('boxes', [1, 1, 4]),
      scores: port('scores', [1, 1]),
      classes: port('classes', [1, 1]),
      count: undefined,
      format: 'yxyx',
      unit: { info: port('info', [1, 4, 2]) },
    };
    const { outputs } = await runOnOpenVino(
      toSsd7(graph, table, unknownSize),
      new Map([
        ['boxes', tensorOf('f32', [1, 1, 4], box)],
        ['scores', tensorOf('f32', [1, 1], [0.5])],
        ['classes', tensorOf('i32', [1, 1], [16])],
        // Size, resized size, scale and offset, each of y and x: of an image of 4 x 40.
        ['info', tensorOf('f32', [1, 4, 2], [4, 40, 8, 20, 2, 0.5, 0, 0])],
      ]),
    );
    const expected = tensorOf('f32', [1, 1, 1, 7], [0, 16, 0.5, 0.25, 0.25, 0.75, 0.75]);
    expect(outputs.get('detection_out')).toEqual(expected);
  });
});

/** For boxes that are not in pixels. */
const unknownSize = (): never => {
  throw new Error('the size is not needed');
};

describe('the layout ssd7', () => {
  it.each([
    [undefined],
    ['u8,bgr,fit=letterbox,pad_value=114'],
    ['u8,nchw,crop=50:20:60:30,fit=fit_to_window,size=600x800'],
    ['nv12,pad=10:20:30:40'],
  ])('yields the same objects with the steps %s', async steps => {
    const options = steps === undefined ? {} : { preprocess: steps };
    const expected = await found(options);
    const actual = await found({ ...options, layout: 'ssd7' });
    expect(expected.length).toBeGreaterThan(0);
    expect(differenceOf(actual, expected)).toBeLessThan(ROUNDING);
  });

  it('yields the same objects for the Object Detection API, whose classes start at 1', async () => {
    const model = join(await temporaryFolder(), 'saved_model');
    await writeSavedModel('ssd_mobilenet_v1_one_class', model);
    const options: ConvertModelOptions = { labels: first => new Map([[first, 'some thing']]) };
    const expected = await found(options, model);
    const actual = await found({ ...options, layout: 'ssd7' }, model);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.every(({ label, classId }) => label === 'some thing' && classId === 1)).toBe(true);
    expect(differenceOf(actual, expected)).toBeLessThan(ROUNDING);
  });

  it('is rejected for other models, batches and output steps', async () => {
    const ssd7 = (model: string, options: ConvertModelOptions): Promise<unknown> =>
      convertModel(model, { ...options, layout: 'ssd7' });
    await expect(ssd7(LIVENESS, {})).rejects.toMatchObject({ code: 'unsupported' });
    await expect(ssd7(CENTERNET, { outputs: ['tower_0/wh'] })).rejects.toThrow('the layout ssd7 is for detectors');
    await expect(ssd7(CENTERNET, { batch: 2 })).rejects.toThrow('the layout ssd7 is for a batch of 1');
    const outputs = { 'tower_0/detections': { type: 'f16' } } as const;
    await expect(ssd7(CENTERNET, { preprocess: { outputs } })).rejects.toMatchObject({ code: 'invalid-argument' });
    const model = await convertModel(CENTERNET, { layout: 'ssd7' });
    expect(() => preprocess(model, 'u8,fit=letterbox')).toThrow('must be applied before the ssd7 layout');
    expect(preprocess(model, 'u8,bgr').conversion.graph.outputs.has('detection_out')).toBe(true);
  });
});

describe('detections only', () => {
  it('leave out the other outputs, and are the same', async () => {
    const model = join(await temporaryFolder(), 'saved_model');
    await writeSavedModel('ssd_mobilenet_v2_fpnlite_class_agnostic', model);
    const { graph, translated } = (await convertModel(model, { onlyDetections: true })).conversion;
    const raw = [...translated.outputs.keys()].filter(name => name.startsWith('raw_'));
    expect(raw).not.toEqual([]);
    expect(raw.filter(name => graph.outputs.has(name))).toEqual([]);
    const expected = await found({}, model);
    expect(expected.length).toBeGreaterThan(0);
    expect(await found({ onlyDetections: true }, model)).toEqual(expected);
    using detector = await Detector.load(model, { device: 'CPU', core });
    expect(detector.compiled.outputs.map(String)).not.toContainEqual(expect.stringContaining('raw_'));
    using whole = await Detector.load(model, { device: 'CPU', core, convert: { onlyDetections: false } });
    expect(whole.compiled.outputs.map(String)).toContainEqual(expect.stringContaining('raw_'));
  });
});

describe('convert --layout ssd7', () => {
  it('writes metadata for Model API, and a labels file', async () => {
    const folder = await temporaryFolder();
    const [xml, names, labels] = ['out.xml', 'names.txt', 'out.labels.txt'].map(file => join(folder, file));
    await writeFile(names!, 'pedestrian crossing\nnumber_plate\n');
    const made = await decant(['convert', CENTERNET, '-o', xml!, '--layout', 'ssd7', '--labels', names!, '--json']);
    expect(jsonOf(made)).toMatchObject({ xml, labels });
    expect(await readFile(labels!, 'utf8')).toBe('pedestrian crossing\nnumber_plate\n');
    expect(jsonOf(await decant(['info', xml!, '--json']))).toMatchObject({
      outputs: [{ names: ['detection_out'], type: 'f32', shape: [1, 1, 100, 7] }],
      rtInfo: {
        model_info: {
          model_type: 'ssd',
          labels: 'pedestrian_crossing number_plate',
          confidence_threshold: '0.5',
          resize_type: 'standard',
          reverse_input_channels: 'YES',
        },
      },
    });
    const named = async (): Promise<unknown> => {
      using detector = await load(xml!);
      return [...detector.labels.values()];
    };
    expect(await named()).toEqual(['pedestrian crossing', 'number_plate']);
    await writeFile(labels!, 'other\nnames\n');
    expect(await named()).toEqual(['pedestrian crossing', 'number plate']);
    await rm(labels!);
    expect(await named()).toEqual(['pedestrian crossing', 'number plate']);
  });

  it('assigns class names from the first class id of the model on', async () => {
    const folder = await temporaryFolder();
    const [model, xml, names] = ['saved_model', 'out.xml', 'names.txt'].map(file => join(folder, file));
    await writeSavedModel('ssd_mobilenet_v1_one_class', model!);
    await writeFile(names!, 'some thing\n');
    expect((await decant(['convert', model!, '-o', xml!, '--layout', 'ssd7', '--labels', names!])).code).toBe(0);
    using detector = await load(xml!);
    expect([...detector.labels]).toEqual([
      [0, 'background'],
      [1, 'some thing'],
    ]);
    expect(detector.firstClassId).toBe(1);
  });

  it('passes BGR pixels if the metadata asks for them', async () => {
    const xml = join(await temporaryFolder(), 'out.xml');
    const expected = await found({ layout: 'ssd7' });
    await saveModel(await convertModel(CENTERNET, { layout: 'ssd7', preprocess: 'f32,bgr,size=512x512' }), xml);
    // As written by other programs, without this section.
    const text = await readFile(xml, 'utf8');
    const foreign = text.replace(/<preprocess>.*<\/preprocess>/s, '');
    expect(foreign.length).toBeLessThan(text.length);
    const detections = async (): Promise<readonly Detection[]> => {
      using detector = await load(xml);
      return (await detector.detect(PHOTO, { threshold: 0.25 })).detections;
    };
    await writeFile(xml, foreign);
    expect(differenceOf(await detections(), expected)).toBeLessThan(ROUNDING);
    await writeFile(xml, foreign.replace('<model_info>', '<model_info><reverse_input_channels value="YES"/>'));
    expect(differenceOf(await detections(), expected)).toBeGreaterThan(1);
  });

  it('rejects models that are not detectors, and unknown layouts', async () => {
    const xml = join(await temporaryFolder(), 'out.xml');
    const convert = (...args: readonly string[]) => decant(['convert', ...args, '-o', xml]);
    expectFailure(await convert(LIVENESS, '--layout', 'ssd7'), 1, 'the layout ssd7 is for detectors', 'try: ');
    const { code, stderr } = await convert(CENTERNET, '--layout', 'ssd8');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('ssd8') as string });
  });
});
