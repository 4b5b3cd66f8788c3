import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertBytes } from '../../src/convert-bytes.ts';
import * as decant from '../../src/index.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { temporaryFolder } from '../support/run-cli.ts';
import { serve } from '../support/server.ts';

type Untyped = (...args: readonly unknown[]) => unknown;

const image = { width: 2, height: 2, data: new Uint8Array(12), name: 'small' };
const context = { model: 'm', device: 'CPU', labels: new Map() };

const junk = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
  }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    NaN,
    Infinity,
    -1,
    0.5,
    '',
    '\0',
    [],
    {},
    Symbol('junk'),
    () => 7,
    new URL('https://a/'),
    new Blob([]),
  ),
);

/** Junk under the names of real options, real arguments, and junk. */
const junkOptions = (...names: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(junk, fc.dictionary(fc.constantFrom(...names, 'treshold'), junk, { maxKeys: 3 }));

/** An argument that is right, or junk. */
const orJunk = (right: unknown): fc.Arbitrary<unknown> => fc.oneof(fc.constant(right), junk);

let detector: decant.Detector;
let core: decant.Core;
let model: decant.ConvertedModel;

beforeAll(async () => {
  detector = await decant.Detector.load(CENTERNET, { device: 'CPU' });
  core = new decant.Core();
  model = await decant.convertModel(LIVENESS);
});

afterAll(() => {
  detector.close();
  core.close();
});

const detectOptions = junkOptions(
  'threshold',
  'classes',
  'classIds',
  'maxDetections',
  'maskThreshold',
  'labels',
  'tiles',
  'signal',
);
const convertOptions = junkOptions('signature', 'inputs', 'inputShapes', 'outputs', 'freeze', 'batch', 'dynamicBatch', 'compressToFp16', 'onStep', 'translators', 'preprocess', 'labels', 'head', 'layout', 'onlyDetections', 'scoreThreshold', 'iouThreshold', 'maxDetections', 'keepClasses'); // prettier-ignore
const downloadOptions = junkOptions('folder', 'sha256', 'force', 'timeout', 'maxBytes', 'retries', 'retryDelay', 'signal', 'onProgress', 'onRetry'); // prettier-ignore
const detections = orJunk([{ label: 'dog', classId: 1, score: 0.5, box: { xmin: 0, ymin: 0, xmax: 1, ymax: 1 } }]);
const dataset = fc.oneof(fc.record({ images: orJunk([]), annotations: orJunk([]), categories: orJunk([]) }), junk);
const record = fc.oneof(fc.record({ file: orJunk('a'), width: orJunk(1), height: orJunk(1), detections }), junk);

const drain = async (values: AsyncIterable<unknown>): Promise<void> => {
  for await (const value of values) expect(value).toBeDefined();
};

/** Every function and class, with arguments that may be junk. */
const CALLS: Readonly<Record<string, readonly [call: Untyped, ...args: readonly fc.Arbitrary<unknown>[]]>> = {
  convertModel: [decant.convertModel as Untyped, orJunk(LIVENESS), convertOptions],
  convertBytes: [convertBytes as Untyped, orJunk({ 'model.json': new Uint8Array(9) }), convertOptions],
  preprocess: [
    (steps, other) => (decant.preprocess as Untyped)(other ?? model, steps),
    junkOptions('input', 'outputs'),
    orJunk(undefined),
  ],
  'preprocess input': [input => (decant.preprocess as Untyped)(model, { input }), junkOptions('name', 'type', 'layout', 'color', 'size', 'crop', 'pad', 'padValue', 'resize', 'fit', 'mean', 'scale')], // prettier-ignore
  saveModel: [decant.saveModel as Untyped, junk, junk],
  'Detector.load': [
    (...args) => (decant.Detector.load.bind(decant.Detector) as Untyped)(...args),
    junk,
    junkOptions('device', 'precision', 'convert', 'config', 'core', 'labels', 'cacheDir'),
  ],
  'Detector.load options': [options => (decant.Detector.load.bind(decant.Detector) as Untyped)(CENTERNET, options), junkOptions('device', 'precision', 'performanceHint', 'config', 'core', 'labels', 'head')], // prettier-ignore
  'detector.detect': [(...args) => (detector.detect.bind(detector) as Untyped)(...args), orJunk(image), detectOptions],
  'detector.detectAll': [(...args) => drain((detector.detectAll.bind(detector))(...(args as [never[]]))), orJunk([image]), detectOptions], // prettier-ignore
  'detector.detectFrame': [
    (...args) => (detector.detectFrame.bind(detector) as Untyped)(...args),
    junk,
    orJunk(image),
    detectOptions,
  ],
  benchmarkModel: [decant.benchmarkModel as Untyped, junk, junkOptions('device', 'seconds', 'iterations', 'image')],
  quantizeModel: [decant.quantizeModel as Untyped, junk, orJunk([]), junkOptions('preset', 'subset', 'device')],
  readImage: [decant.readImage as Untyped, orJunk(PHOTO), junk, junk],
  toTensor: [decant.toTensor as Untyped, orJunk(image), orJunk('u8'), orJunk('NCHW')],
  resize: [decant.resize as Untyped, orJunk(image), orJunk(3), orJunk(3), junkOptions('antialias')],
  annotate: [decant.annotate as Untyped, orJunk(image), detections, junkOptions('lineWidth', 'textSize', 'tracks')],
  drawDetections: [decant.drawDetections as Untyped, orJunk(image), detections, junkOptions('format', 'lineWidth')],
  probeVideo: [decant.probeVideo as Untyped, junk, junkOptions('signal')],
  readVideo: [(...args) => drain((decant.readVideo as unknown as (...all: readonly unknown[]) => AsyncIterable<unknown>)(...args)), junk, junkOptions('info', 'maxFrames', 'signal')], // prettier-ignore
  VideoWriter: [
    (...args) => (decant.VideoWriter.create.bind(decant.VideoWriter) as Untyped)(...args),
    junk,
    junkOptions('like', 'seconds', 'frameRate'),
  ],
  Tracker: [(options, some) => new (decant.Tracker as unknown as new (o: unknown) => { update: Untyped })(options).update(some), junkOptions('threshold', 'lowThreshold', 'maxHidden'), detections], // prettier-ignore
  RegionCounter: [(regions, some) => new (decant.RegionCounter as unknown as new (r: unknown) => { update: Untyped })(regions).update(some), orJunk([]), detections], // prettier-ignore
  labelOf: [decant.labelOf as Untyped, orJunk(new Map()), junk],
  parseLabels: [decant.parseLabels as Untyped, fc.oneof(fc.json(), junk), orJunk('names.txt'), orJunk(1)],
  formatResults: [
    decant.formatResults as Untyped,
    fc.oneof(fc.constantFrom('json', 'csv', 'coco', 'cvs'), junk),
    fc.oneof(fc.array(record), junk),
    orJunk(context),
  ],
  resultWriter: [(format, some) => (decant.resultWriter as unknown as (f: unknown, c: unknown) => { write: Untyped })(format, context).write(some), orJunk('jsonl'), record], // prettier-ignore
  evaluateCoco: [decant.evaluateCoco as Untyped, dataset, orJunk([]), junkOptions('iouType')],
  parseCocoDataset: [decant.parseCocoDataset as Untyped, fc.oneof(fc.json(), junk), orJunk('a.json')],
  parseCocoResults: [decant.parseCocoResults as Untyped, fc.oneof(fc.json(), junk), orJunk('a.json')],
  datasetIds: [
    (set, file) => (decant.datasetIds as unknown as (s: unknown) => { imageIdOf: Untyped })(set).imageIdOf(file),
    dataset,
    junk,
  ],
  Core: [
    options => {
      new (decant.Core as unknown as new (o: unknown) => decant.Core)(options).close();
    },
    junkOptions('library'),
  ],
  'core.readModel': [
    (...args) => (core.readModel.bind(core) as Untyped)(...args),
    fc.oneof(junkOptions('xml', 'bin'), junk),
  ],
  'core.compileModel': [(...args) => (core.compileModel.bind(core) as Untyped)(...args), junk, orJunk('CPU'), junk],
  'core.getVersions': [device => (core.getVersions.bind(core) as Untyped)(device), junk],
  'core.getProperty': [(...args) => (core.getProperty.bind(core) as Untyped)(...args), orJunk('CPU'), junk],
  'core.setProperty': [(...args) => (core.setProperty.bind(core) as Untyped)(...args), orJunk('CPU'), junk],
  PartialShape: [shape => new (decant.PartialShape as unknown as new (s: unknown) => unknown)(shape), junk],
  Tensor: [(...args) => new (decant.Tensor as unknown as new (...a: readonly unknown[]) => unknown)(...args), orJunk('f32'), orJunk([2]), junk], // prettier-ignore
  setupOpenVino: [decant.setupOpenVino as Untyped, fc.oneof(junk.filter(value => value !== undefined && !isEmpty(value)), junkOptions('version').filter(value => !isEmpty(value)))], // prettier-ignore
  downloadModel: [decant.downloadModel as Untyped, junk.filter(value => !(value instanceof URL)), downloadOptions],
  openModel: [decant.openModel as Untyped, junk, junk],
  memorySource: [decant.memorySource as Untyped, orJunk('m'), junk],
};

/** Such options are right. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(field => field === undefined);

/** Returns the problem with an error; undefined for none, and for a success. */
async function problemOf(call: Untyped, args: readonly unknown[]): Promise<string | undefined> {
  try {
    await call(...args);
  } catch (thrown) {
    if (thrown instanceof decant.DecantError && thrown.code !== 'internal') return undefined;
    return thrown instanceof Error ? thrown.stack : String(thrown);
  }
  return undefined;
}

describe('every error is a DecantError, and no argument of the wrong kind is a bug', () => {
  it('covers all functions and classes', () => {
    const functions = Object.entries(decant).filter(([, value]) => typeof value === 'function').map(([name]) => name); // prettier-ignore
    const without = ['DecantError', 'locateOpenVino'];
    const covered = new Set(Object.keys(CALLS).map(name => name.split(/[. ]/)[0]));
    expect(functions.filter(name => !covered.has(name) && !without.includes(name))).toEqual([]);
  });

  it.each(Object.keys(CALLS))('%s', async name => {
    const [call, ...args] = CALLS[name]!;
    await fc.assert(
      fc.asyncProperty(fc.tuple(...args), async given => {
        expect(await problemOf(call, given)).toBeUndefined();
      }),
      // Those that may load a model take long.
      { numRuns: name === 'Detector.load options' ? 10 : 50 },
    );
  });
});

describe('wrong arguments', () => {
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'no error',
      (thrown: unknown) => thrown,
    );

  it('are named, with what was meant', async () => {
    const options = { treshold: 0.5 } as decant.DetectOptions;
    expect(await failure(detector.detect(image, options))).toMatchObject({
      code: 'invalid-argument',
      message: "there is no option 'treshold'",
      remedy: "Did you mean 'threshold'?",
    });
    expect(await failure((decant.convertModel as Untyped)(undefined) as Promise<unknown>)).toMatchObject({
      code: 'invalid-argument',
      message: 'the model must be a path, a name, a URL, bytes or a source, got undefined',
    });
    expect(await failure(detector.detect(5 as never))).toMatchObject({
      code: 'invalid-argument',
      message: '5 is not an image',
    });
    expect(await failure(detector.detect({ ...image, data: new Uint8Array(3) }))).toMatchObject({
      code: 'invalid-argument',
      message: 'the image.data must have 12 bytes for 2 x 2 pixels, got 3',
    });
    const tiles = { widht: 320, height: 320 } as unknown as decant.Tiles;
    expect(await failure(detector.detect(image, { tiles }))).toMatchObject({
      message: "the option 'tiles' has no 'widht'. Did you mean 'width'?",
    });
  });

  it('of classes suggest near names', async () => {
    expect(await failure(detector.detect(image, { classes: ['dgo'] }))).toMatchObject({
      code: 'not-found',
      remedy: "Did you mean 'dog'?",
    });
  });
});

describe('an image', () => {
  it('may be a path, a URL, bytes, a Blob, a stream, or decoded', async () => {
    const bytes = await readFile(PHOTO);
    const { url } = await serve((_, response) => response.end(bytes));
    const buffer = new Uint8Array(bytes).buffer;
    const inputs: readonly decant.ImageInput[] = [
      PHOTO,
      pathToFileURL(PHOTO),
      pathToFileURL(PHOTO).href,
      `${url}/photo.jpg`,
      new URL(`${url}/photo.jpg`),
      bytes,
      new Uint8Array(bytes),
      buffer,
      new DataView(buffer),
      new Blob([new Uint8Array(bytes)]),
      new File([new Uint8Array(bytes)], 'photo.jpg'),
      createReadStream(PHOTO),
      Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]),
      new Blob([new Uint8Array(bytes)]).stream(),
      await decant.readImage(PHOTO),
      { read: () => decant.readImage(PHOTO) },
    ];
    const expected = await decant.readImage(PHOTO);
    for (const input of inputs) {
      const { image: opened } = await detector.detect(input, { maxDetections: 1 });
      expect([opened.width, opened.height, Buffer.compare(opened.data, expected.data)]).toEqual([1280, 1158, 0]);
    }
  });

  it('that fails to stream, or is too much, is an error', async () => {
    const failing = Readable.from(
      (function* () {
        yield new Uint8Array(3);
        throw new Error('the line went dead');
      })(),
    );
    await expect(detector.detect(failing)).rejects.toMatchObject({ code: 'io' });
    const words = Readable.from(['a', 'b']) as unknown as decant.ImageInput;
    await expect(detector.detect(words)).rejects.toMatchObject({ code: 'invalid-argument' });
    const missing = pathToFileURL(join(await temporaryFolder(), 'a.jpg'));
    await expect(detector.detect(missing)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('detect', () => {
  it('reports scores from 0.5 by default, and classes by name in any case or by id', async () => {
    const { detections: found } = await detector.detect(PHOTO);
    const { detections: all } = await detector.detect(PHOTO, { threshold: 0.1 });
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(all.filter(({ score }) => score >= 0.5));
    const classes = new Set(all.map(({ label }) => label));
    expect(classes.size).toBeGreaterThan(1);
    for (const wanted of ['PERSON', ['Person'], [0], ' person ,0']) {
      const { detections: people } = await detector.detect(PHOTO, { threshold: 0.1, classes: wanted });
      expect(people).toEqual(all.filter(({ classId }) => classId === 0));
    }
  });
});
