import { expect, it } from 'vitest';
import type { Detection } from '../detect/detection.ts';
import { bars, countsOverTime, curves } from './charts.ts';
import { DetectionReport } from './detection-report.ts';
import { evaluationReport } from './evaluation-report.ts';
import { boxIntersection, toBox } from '../image/geometry.ts';
import { freePlaces } from './free-places.ts';
import { html } from './html.ts';
import { confusionOf } from '../eval/confusion.ts';
import { evaluateCoco } from '../eval/evaluate-coco.ts';

const image = { width: 40, height: 20, data: new Uint8Array(40 * 20 * 3).fill(99), name: 'x' };
const ms = { read: 1, prepare: 2, infer: 30, decode: 0 };

const found = (label: string, classId: number, score: number): Detection => ({
  label,
  classId,
  score,
  box: { xmin: 1.26, ymin: 2, xmax: 11, ymax: 12 },
});

const context = { model: 'a<b>.xml', device: 'CPU', threshold: 0.1, labels: new Map() };

async function report(): Promise<string> {
  const made = new DetectionReport({ title: 'Objects', facts: [['model', 'a<b>.xml']], threshold: 0.1, context });
  const first = [found('<dog>', 3, 0.9), found('cat', 4, 0.5)];
  await made.add({ file: 'a&"b".jpg', width: 40, height: 20, detections: first, ms }, image);
  await made.add({ file: 'c.gif', page: 2, width: 40, height: 20, detections: [], ms }, image);
  return made.html();
}

it('contains images, boxes, classes and times, and loads nothing', async () => {
  const page = await report();
  expect(page.match(/src="data:image\/jpeg;base64,[\w+/]+=*"/g)?.length).toBe(2);
  expect(page).not.toMatch(/(?:src|href|url\()\s*=?\s*["'(]?(?:https?:)?\/\//);
  expect(page).toContain('<rect x="1.3" y="2" width="9.7" height="10"');
  expect(page.match(/data-object="box" data-score="0\.9000" data-class="3" data-image="0"/g)?.length).toBe(1);
  expect(page).toContain('<span data-class-count="4">1</span>');
  expect(page).toContain('c.gif, 2');
  expect(page).toMatch(/<td>infer<\/td>(\s*<td class="number">30\.0<\/td>){4}/);
  expect(page).toMatch(/data-bar="0\.9"[^>]*><title>0\.90 to 0\.95: 1</);
});

it('offers its data for download', async () => {
  const page = await report();
  const dataOf = (type: string): string => {
    const [, base64] = new RegExp(`href="data:${type};base64,([\\w+/=]+)"`).exec(page)!;
    return Buffer.from(base64!, 'base64').toString();
  };
  expect(dataOf('text/csv').split('\n')).toHaveLength(4);
  expect(JSON.parse(dataOf('application/json'))).toMatchObject({ device: 'CPU', images: [{ file: 'a&"b".jpg' }, {}] });
});

it('speaks of the frames of a video, and shows counts over time', async () => {
  const made = new DetectionReport({ title: 'Objects', facts: [], threshold: 0.1, context });
  for (const frame of [1, 2, 3]) {
    const detections = Array.from({ length: frame }, () => found('dog', 3, 0.9));
    await made.add({ file: 'clip.mp4', frame, time: frame / 2, width: 40, height: 20, detections, ms }, image);
  }
  const page = made.html();
  expect(page).toMatch(/<dt>videos<\/dt>\s*<dd>1<\/dd>/);
  expect(page).toMatch(/<dt>frames<\/dt>\s*<dd>3<\/dd>/);
  expect(page).not.toMatch(/<dt>images<\/dt>/);
  expect(page).toContain('clip.mp4, frame 3, at 1.5 s');
  expect(page).toContain('Objects per frame of clip.mp4, at most 3 of a class');
  expect(page).toMatch(/<title>dog<\/title><\/polyline/);
});

it('does not print one label over another', () => {
  const size = { width: 400, height: 300 };
  const crowd = Array.from({ length: 60 }, (_, i) => ({
    ...found('person', 0, 1 - i / 100),
    box: { xmin: 5 * i, ymin: 100 + (i % 7), xmax: 5 * i + 60, ymax: 200 },
  }));
  const texts = crowd.map(({ label, score }) => `${label} ${score}`);
  const places = freePlaces(crowd, texts, 12, size).filter(place => place !== undefined);
  expect(places.length).toBeGreaterThan(5);
  for (const [i, place] of places.entries()) {
    for (const other of places.slice(i + 1)) expect(boxIntersection(toBox(place), toBox(other))).toBe(0);
  }
});

it('escapes text', async () => {
  const page = await report();
  expect(page).toContain('a&lt;b&gt;.xml');
  expect(page).toContain('aria-label="Enlarge a&amp;&quot;b&quot;.jpg"');
  expect(page).not.toContain('<dog>');
  expect(html`<i>${'<'}${html`<b>${"'"}</b>`}${[html`1`, html`2`]}${3}</i>`.text).toBe('<i>&lt;<b>&#39;</b>123</i>');
});

it('shows precision over recall, and the best classes first', async () => {
  const categories = [
    { id: 1, name: 'lost' },
    { id: 2, name: 'found' },
    { id: 3, name: 'absent' },
  ];
  const images = [{ id: 1, fileName: 'x', width: 9, height: 9 }];
  const annotation = { imageId: 1, bbox: [0, 0, 50, 50], area: 2500, crowd: false } as const;
  const annotations = [
    { ...annotation, id: 1, categoryId: 1 },
    { ...annotation, id: 2, categoryId: 2 },
  ];
  const results = [{ imageId: 1, categoryId: 2, bbox: annotation.bbox, score: 1 }];
  const dataset = { images, categories, annotations };
  const confusion = confusionOf(dataset, results, 0.3);
  const misses = [{ name: 'x.jpg', image, objects: [{ label: 'lost', bbox: annotation.bbox }] }];
  const page = await evaluationReport('Good?', [], evaluateCoco(dataset, results), { confusion, misses });
  expect(page).toMatch(/<td>lost<\/td>(\s*<td[^>]*><\/td>){2}\s*<td class="number">1<\/td>/);
  expect(page).toMatch(/<p>missed: lost<\/p>/);
  expect(page).toMatch(/<td>AP<\/td>\s*<td class="number">0\.500<\/td>\s*<td class="number">-<\/td>/);
  expect(page.indexOf('<td>found</td>')).toBeLessThan(page.indexOf('<td>lost</td>'));
  expect(page).not.toContain('<td>absent</td>');
  expect([...page.matchAll(/points="([^"]*)"/g)].map(([, points]) => points!.split(' ').length)).toEqual([
    101, 101, 101, 101, 101,
  ]);
});

it('names the lines of a chart below it, and each tick differently', () => {
  const lines = ['dog', 'cat', 'car', 'cup', 'bus'].map(name => ({ name, values: [1, 1] }));
  for (const seconds of [0.04, 0.2, 1, 9, 19, 30, 3600]) {
    const { text } = countsOverTime('Counts', seconds, 2, lines);
    const [chart = '', names = ''] = text.split('</svg>');
    const ticks = [...chart.matchAll(/text-anchor="middle">([\d.]+)</g)].map(([, tick]) => tick);
    expect(new Set(ticks).size).toBe(6);
    for (const { name } of lines) {
      expect(names).toContain(`</span>${name}</li>`);
      expect(chart).not.toMatch(new RegExp(`<text[^>]*>${name}<`));
    }
    expect(new Set([...chart.matchAll(/dasharray="([^"]+)"/g)].map(([, dashes]) => dashes)).size).toBe(lines.length);
  }
  expect(curves('One', ['x', 'y'], [{ name: '', values: [1, 1] }]).text).not.toContain('<ul');
});

it('shows the whole names of bars, and their lengths as shares of the longest', () => {
  const name = 'tower_0/CenternetHead/c5_upsample/branch_y_upsample_resize/BatchNorm/FusedBatchNorm/Convolution';
  const { text } = bars('Noise', [
    { name, value: 0.4, text: '0.400, f32: it computes a gate' },
    { name: 'b', value: 0.1, text: '0.100, int8' },
    { name: 'c', value: 0, text: '0.000, int8' },
  ]);
  expect(text).toContain(`>${name}<`);
  expect([...text.matchAll(/width: ([\d.]+)%/g)].map(([, width]) => width)).toEqual(['100', '25', '0']);
});
