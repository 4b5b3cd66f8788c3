import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { DecantError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { COCO_80 } from '../labels/coco.ts';
import type { Detection } from '../detect/detection.ts';
import { Mask } from '../detect/mask.ts';
import { formatResults, resultFormat, resultWriter } from './result-formats.ts';
import type { DatasetIds, ResultContext, ResultRecord } from './result-writer.ts';

/** Not square, to detect swapped axes. */
const size = { width: 200, height: 100 };

const dog: Detection = {
  label: 'dog',
  classId: 16,
  score: 0.98100936,
  box: { xmin: 10.123456, ymin: 20.5, xmax: 110.123456, ymax: 70.25 },
};
const person: Detection = { label: 'person', classId: 0, score: 0.5, box: { xmin: 0, ymin: 0, xmax: 200, ymax: 100 } };

const street: ResultRecord = {
  file: 'photos/000000000139.jpg',
  ...size,
  detections: [dog, person],
  ms: { read: 1.26 },
};
const empty: ResultRecord = { file: 'photos/sky.png', ...size, detections: [] };

const context: ResultContext = { model: 'model.xml', device: 'CPU', labels: COCO_80 };

const lines = (format: string, ...records: readonly ResultRecord[]): readonly string[] =>
  formatResults(format, records, context).split('\n');

function files(format: string, records: readonly ResultRecord[], labels = COCO_80): Readonly<Record<string, string>> {
  const writer = resultWriter(format, { ...context, labels });
  const parts = [...writer.begin(), ...records.flatMap(record => writer.write(record)), ...writer.end()];
  const entries = parts.map(({ path, text }) => [path!, text] as const);
  expect(new Set(entries.map(([path]) => path)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

describe('json', () => {
  it('equals JSON.stringify of all images', () => {
    const { file, detections } = street;
    const images = [
      { file, ...size, ms: { read: 1.3 }, detections },
      { file: 'scan.tif', page: 2, ...size, detections: [] },
      { file: 'clip.mp4', frame: 12, time: 0.366667, ...size, detections: [] },
    ];
    const clip = { file: 'clip.mp4', frame: 12, time: 11 / 30, ...size, detections: [] };
    const records = [street, { file: 'scan.tif', page: 2, ...size, detections: [] }, clip];
    const head = { schemaVersion: 1, version: VERSION };
    const all = { ...head, model: 'model.xml', device: 'CPU', threshold: 0.3, notes: ['slow'], images };
    const context = { ...all, labels: COCO_80 };
    expect(formatResults('json', records, context)).toBe(`${JSON.stringify(all, undefined, 2)}\n`);
    expect(formatResults('json', [], context)).toBe(`${JSON.stringify({ ...all, images: [] }, undefined, 2)}\n`);
    expect(formatResults('json', [], { ...context, notes: [] })).not.toContain('notes');
  });

  it('names images that failed, and what ended the run', () => {
    const writer = resultWriter('json', context);
    const error = new DecantError('bad-image', 'it is "torn"', { remedy: 'Mend it.' });
    const parts = [...writer.begin(), ...writer.write(empty), ...writer.fail!('a.jpg', error), ...writer.end(error)];
    const text = parts.map(part => part.text).join('');
    const json = { code: 'bad-image', message: 'it is "torn"', remedy: 'Mend it.' };
    const { file, detections } = empty;
    const head = { schemaVersion: 1, version: VERSION, model: 'model.xml', device: 'CPU' };
    const images = [
      { file, ...size, detections },
      { file: 'a.jpg', error: json },
    ];
    expect(text).toBe(`${JSON.stringify({ ...head, images, error: json }, undefined, 2)}\n`);
  });
});

describe('jsonl', () => {
  it('has one line per image', () => {
    expect(lines('jsonl', empty, { ...empty, file: 'a "b"\n.png' })).toEqual([
      '{"file":"photos/sky.png","width":200,"height":100,"detections":[]}',
      '{"file":"a \\"b\\"\\n.png","width":200,"height":100,"detections":[]}',
      '',
    ]);
  });
});

describe('csv', () => {
  it('has one row per object', () => {
    const odd = { ...person, label: 'a, "b"' };
    const page = { file: 'b,c.gif', page: 3, ...size, detections: [odd] };
    const frame = { file: 'clip.mp4', frame: 12, time: 11 / 30, ...size, detections: [person] };
    expect(lines('csv', street, empty, page, frame)).toEqual([
      'file,page,frame,time,label,class_id,score,xmin,ymin,xmax,ymax',
      'photos/000000000139.jpg,,,,dog,16,0.981009,10.12,20.5,110.12,70.25',
      'photos/000000000139.jpg,,,,person,0,0.5,0,0,200,100',
      '"b,c.gif",3,,,"a, ""b""",0,0.5,0,0,200,100',
      'clip.mp4,,12,0.366667,person,0,0.5,0,0,200,100',
      '',
    ]);
  });
});

describe('coco', () => {
  it("uses COCO's ids of classes and images", () => {
    expect(lines('coco', street, empty, { ...empty, file: 'x/night.v2.jpg', detections: [person] })).toEqual([
      '[',
      '{"image_id":139,"category_id":18,"bbox":[10.123,20.5,100,49.75],"score":0.981009},',
      '{"image_id":139,"category_id":1,"bbox":[0,0,200,100],"score":0.5},',
      '{"image_id":"night.v2","category_id":1,"bbox":[0,0,200,100],"score":0.5}',
      ']',
      '',
    ]);
    expect(lines('coco', empty)).toEqual(['[]', '']);
    const frames = [1, 2].map(frame => ({ ...empty, file: 'clip.mp4', frame, time: frame, detections: [person] }));
    const results = JSON.parse(formatResults('coco', frames, context)) as readonly { readonly image_id: string }[];
    expect(results.map(({ image_id: id }) => id)).toEqual(['clip-1', 'clip-2']);
  });

  it("uses the model's ids if its names are not COCO's", () => {
    const labels = new Map([[16, 'dog'], [17, 'dachshund']] as const); // prettier-ignore
    const [result] = JSON.parse(formatResults('coco', [street], { ...context, labels })) as readonly object[];
    expect(result).toMatchObject({ category_id: 16 });
  });

  it('uses the ids of a data set, and leaves out unknown classes', () => {
    const dataset: DatasetIds = {
      imageIdOf: file => file.length,
      categoryIdOf: ({ label }) => (label === 'dog' ? 7 : undefined),
    };
    expect(JSON.parse(formatResults('coco', [street], { ...context, dataset }))).toEqual([
      { image_id: 23, category_id: 7, bbox: [10.123, 20.5, 100, 49.75], score: 0.981009 },
    ]);
  });

  it('includes masks and keypoints', () => {
    const mask = new Mask({ x: 1, y: 0, width: 1, height: 2 }, Uint8Array.of(1, 1), { width: 3, height: 2 });
    const keypoints = [{ name: 'nose', x: 1.23456, y: 7, score: 0.9 }];
    const record = { ...street, detections: [{ ...person, mask, keypoints }] };
    expect(JSON.parse(formatResults('coco', [record], context))).toEqual([
      {
        image_id: 139,
        category_id: 1,
        bbox: [0, 0, 200, 100],
        score: 0.5,
        segmentation: { size: [2, 3], counts: '222' },
        keypoints: [1.235, 7, 1],
      },
    ]);
  });
});

describe('yolo', () => {
  it('has one file per image, and the class names', () => {
    const labels = new Map([[18, 'dog'], [1, 'person'], [3, 'no: "x"']] as const); // prettier-ignore
    const records = [{ ...street, detections: [{ ...dog, classId: 18 }, { ...person, classId: 1 }] }, empty]; // prettier-ignore
    expect(files('yolo', records, labels)).toEqual({
      'labels/000000000139.txt':
        '2 0.300617 0.453750 0.500000 0.497500 0.981009\n0 0.500000 0.500000 1.000000 1.000000 0.500000\n',
      'labels/sky.txt': '',
      'classes.txt': 'person\nno: "x"\ndog\n',
      'data.yaml':
        '# The images belong in the folder images, next to labels.\npath: .\ntrain: images\nval: images\n' +
        'names:\n  0: "person"\n  1: "no: \\"x\\""\n  2: "dog"\n',
    });
  });

  it('numbers unnamed classes in order of appearance', () => {
    const written = files('yolo', [street], new Map());
    expect(written['classes.txt']).toBe('class 16\nclass 0\n');
    expect(written['labels/000000000139.txt']).toMatch(/^0 .*\n1 .*\n$/);
    expect(files('yolo', [], new Map())['data.yaml']).toMatch(/^names: \{\}$/m);
  });

  it('makes duplicate names unique', () => {
    const named = (file: string, page?: number): ResultRecord => ({ ...empty, file, page });
    const records = [
      named('a/x.jpg'),
      named('b/X.png'),
      named('a\\x'),
      named('s.gif', 1),
      named('s.gif', 2),
      { ...empty, file: 'clip.mp4', frame: 12, time: 0.4 },
      named('-'),
      named('https://a.example/b/c.jpg?d=e/f'),
      named('.jpg'),
    ];
    expect(Object.keys(files('yolo', records)).slice(0, -2)).toEqual(
      ['x', 'X-2', 'x-3', 's-1', 's-2', 'clip-12', 'picture', 'c', '.jpg'].map(name => `labels/${name}.txt`),
    );
  });
});

describe('voc', () => {
  it('has one well-formed file per image', () => {
    const written = files('voc', [{ ...street, file: 'a/b&c.jpg' }, empty]);
    expect(Object.keys(written)).toEqual(['b&c.xml', 'sky.xml']);
    const parser = new SaxesParser();
    const texts: string[] = [];
    parser.on('text', text => text.trim() !== '' && texts.push(text));
    parser.write(written['b&c.xml']!).close();
    const fixed = ['Unspecified', '0', '0'];
    expect(texts).toEqual(
      ['b&c.jpg', 'Unknown', '200', '100', '3', '0'].concat(
        ['dog', ...fixed, '0.981009', '11', '22', '110', '70'],
        ['person', ...fixed, '0.500000', '1', '1', '200', '100'],
      ),
    );
    expect(written['sky.xml']).toContain('  <segmented>0</segmented>\n</annotation>\n');
  });
});

describe('formats of other libraries', () => {
  it('ultralytics', () => {
    const pose = { ...person, keypoints: [{ x: 1, y: 2.123456, score: 0.25 }] };
    expect(lines('ultralytics', { ...street, detections: [dog, pose] }, empty)).toEqual([
      '[{"name":"dog","class":16,"confidence":0.98101,"box":{"x1":10.12346,"y1":20.5,"x2":110.12346,"y2":70.25}},' +
        '{"name":"person","class":0,"confidence":0.5,"box":{"x1":0,"y1":0,"x2":200,"y2":100},' +
        '"keypoints":{"x":[1],"y":[2.12346],"visible":[0.25]}}]',
      '[]',
      '',
    ]);
  });

  it('transformers', () => {
    expect(lines('transformers', street, empty)).toEqual([
      '[{"score":0.98100936,"label":"dog","box":{"xmin":10,"ymin":20,"xmax":110,"ymax":70}},' +
        '{"score":0.5,"label":"person","box":{"xmin":0,"ymin":0,"xmax":200,"ymax":100}}]',
      '[]',
      '',
    ]);
  });

  it('coco-ssd', () => {
    expect(lines('coco-ssd', { ...street, detections: [person] }, empty)).toEqual([
      '[{"bbox":[0,0,200,100],"class":"person","score":0.5}]',
      '[]',
      '',
    ]);
  });
});

it('rejects unknown formats, and folder formats as text', () => {
  expect(() => resultFormat('xml')).toThrow(expect.objectContaining({ code: 'invalid-argument' }) as Error);
  expect(() => formatResults('yolo', [], context)).toThrow('yolo is a folder of files, not a single text');
});
