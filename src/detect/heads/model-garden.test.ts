import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import { type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { readDetections } from '../detect-image.ts';
import { findHead } from './find-head.ts';
import { modelGarden, modelGardenCandidates } from './model-garden.ts';
import type { Port, Ports } from './port.ts';

const readFixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/fixtures/heads', name), 'utf8'));

/** Outputs of a RetinaNet that Model Garden exported, and its detections in pixels: see tools/fixtures/README.md. */
const FIXTURE = readFixture('model-garden.json') as {
  readonly image: readonly [width: number, height: number];
  readonly outputs: Readonly<Record<string, { shape: number[]; type: ElementType; data: number[] }>>;
  readonly expected: readonly (readonly number[])[];
};

/** Random masks in boxes of x, y, width and height, and the bits of the image that they are pasted into. */
const MASKS = readFixture('model-garden-masks.json') as {
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly boxes: readonly (readonly number[])[];
  readonly masks: readonly number[];
  readonly bits: readonly string[];
};

const OUTPUTS = Object.fromEntries(
  Object.entries(FIXTURE.outputs).map(([name, { type, shape, data }]) => [name, tensorOf(type, shape, data)]),
);
const SIZE = { width: FIXTURE.image[0], height: FIXTURE.image[1] };
const INPUT: Port = { names: ['inputs'], type: 'u8', shape: [1, undefined, undefined, 3] };

const portsOf = (outputs: Readonly<Record<string, Tensor>>): Ports => ({
  inputs: [INPUT],
  outputs: Object.entries(outputs).map(([name, { type, shape }]) => ({ names: [name], type, shape })),
});

describe('modelGarden', () => {
  it('finds what Model Garden finds, in pixels of the image', () => {
    const head = findHead(portsOf(OUTPUTS));
    expect(head).toMatchObject({ name: 'model-garden', evidence: 'names', firstClassId: 1 });
    const found = readDetections(head, OUTPUTS, SIZE, {});
    expect(found).toHaveLength(FIXTURE.expected.length);
    for (const [i, [xmin, ymin, xmax, ymax, score, classId]] of FIXTURE.expected.entries()) {
      expect(found[i]).toMatchObject({ classId, score: expect.closeTo(score!, 5) as number });
      expect(found[i]!.box.xmin).toBeCloseTo(xmin!, 3);
      expect(found[i]!.box.ymin).toBeCloseTo(ymin!, 3);
      expect(found[i]!.box.xmax).toBeCloseTo(Math.min(xmax!, SIZE.width), 3);
      expect(found[i]!.box.ymax).toBeCloseTo(Math.min(ymax!, SIZE.height), 3);
    }
  });

  it('takes boxes from 0 to 1 for fractions of the image', () => {
    const [width, height] = FIXTURE.image;
    const fractions = FIXTURE.expected.flatMap(([xmin, ymin, xmax, ymax]) => [
      ymin! / height,
      xmin! / width,
      Math.min(1, ymax! / height),
      Math.min(1, xmax! / width),
    ]);
    const outputs = { ...OUTPUTS, detection_boxes: tensorOf('f32', [1, 8, 4], fractions) };
    const head = matched(modelGarden(portsOf(outputs)));
    const edges = (tensors: Readonly<Record<string, Tensor>>): readonly number[] =>
      readDetections(head, tensors, SIZE, {}).map(({ box }) => Math.round(100 * box.xmax));
    expect(edges(outputs)).toEqual(edges(OUTPUTS));
  });

  it('applies the offset of a crop, and a scale for each axis', () => {
    const outputs = {
      ...OUTPUTS,
      detection_boxes: tensorOf('f32', [1, 1, 4], [10, 20, 30, 60]),
      detection_scores: tensorOf('f32', [1, 1], [0.5]),
      detection_classes: tensorOf('i32', [1, 1], [1]),
      num_detections: tensorOf('f32', [1], [1]),
      image_info: tensorOf('f32', [1, 4, 2], [100, 200, 50, 50, 0.5, 0.25, 10, 5]),
    };
    const head = matched(modelGarden(portsOf(outputs)));
    expect(readDetections(head, outputs, { width: 200, height: 100 }, {})).toMatchObject([
      { label: 'person', box: { xmin: 100, ymin: 40, xmax: 200, ymax: 80 } },
    ]);
  });

  it('pastes masks as official.vision does', () => {
    const { width, height, size, boxes, masks, bits } = MASKS;
    const count = boxes.length;
    const outputs = {
      detection_boxes: tensorOf(
        'f32',
        [1, count, 4],
        boxes.flatMap(([x, y, w, h]) => [y!, x!, y! + h!, x! + w!]),
      ),
      detection_scores: tensorOf(
        'f32',
        [1, count],
        boxes.map((_, i) => 1 - i / 10),
      ),
      detection_classes: tensorOf('i32', [1, count], new Array<number>(count).fill(1)),
      num_detections: tensorOf('f32', [1], [count]),
      image_info: tensorOf('f32', [1, 4, 2], [height, width, height, width, 1, 1, 0, 0]),
      detection_masks: tensorOf('f32', [1, count, size, size], masks),
    };
    const head = matched(modelGarden(portsOf(outputs)));
    const found = readDetections(head, outputs, { width, height }, {});
    expect(found).toHaveLength(count);
    found.forEach(({ mask }, k) => {
      const expected = Buffer.from(bits[k]!, 'base64');
      const { x, y, width: columns, data } = mask!;
      const ones = expected.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
      expect(data.reduce((sum, bit) => sum + bit, 0)).toBe(ones);
      const wrong = data.filter((bit, i) => {
        const at = (y + Math.floor(i / columns)) * width + x + (i % columns);
        return bit !== ((expected[at >> 3]! >> (7 - (at & 7))) & 1);
      });
      expect(wrong).toHaveLength(0);
    });
  });

  it.each(['image_info', 'num_detections', 'detection_boxes'])('requires %s', name => {
    const rest = Object.fromEntries(Object.entries(OUTPUTS).filter(([key]) => key !== name));
    expect(modelGarden(portsOf(rest))).toBe(`there is no output '${name}'`);
  });
});

describe('modelGardenCandidates', () => {
  const outputs = {
    decoded_boxes: tensorOf('f32', [1, 3, 1, 4], [10, 20, 30, 60, 10, 20, 30, 62, 0, 0, 10, 10]),
    decoded_box_scores: tensorOf('f32', [1, 3, 2], [0.5, 0.1, 0.75, 0.01, 0.2, 0.9]),
    image_info: tensorOf('f32', [1, 4, 2], [100, 200, 100, 200, 1, 1, 0, 0]),
  };

  it('suppresses boxes of each class, and returns all classes of a box', () => {
    const head = matched(modelGardenCandidates(portsOf(outputs)));
    const found = readDetections(head, outputs, { width: 200, height: 100 }, {});
    expect(found.map(({ classId, score, box }) => [classId, Math.round(100 * score), Math.round(box.xmax)])).toEqual([
      [2, 90, 10],
      [1, 75, 62],
      [1, 20, 10],
      [2, 10, 60],
    ]);
  });
});
