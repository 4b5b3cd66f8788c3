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

/** Outputs of a RetinaNet that Model Garden exported, and its detections in pixels: see tools/fixtures/README.md. */
const FIXTURE = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../test/fixtures/heads/model-garden.json'), 'utf8'),
) as {
  readonly image: readonly [width: number, height: number];
  readonly outputs: Readonly<Record<string, { shape: number[]; type: ElementType; data: number[] }>>;
  readonly expected: readonly (readonly number[])[];
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

  it('pastes masks whose numbers are at the centers of cells', () => {
    const outputs = {
      ...OUTPUTS,
      detection_boxes: tensorOf('f32', [1, 1, 4], [0, 0, 4, 8]),
      detection_scores: tensorOf('f32', [1, 1], [0.5]),
      detection_classes: tensorOf('i32', [1, 1], [1]),
      num_detections: tensorOf('f32', [1], [1]),
      image_info: tensorOf('f32', [1, 4, 2], [4, 8, 4, 8, 1, 1, 0, 0]),
      detection_masks: tensorOf('f32', [1, 1, 1, 2], [1, 0]),
    };
    const head = matched(modelGarden(portsOf(outputs)));
    const [found] = readDetections(head, outputs, { width: 8, height: 4 }, {});
    const mask = found!.mask!;
    // From 0 half a cell outside of the box to 1 at x = 2 and back to 0 at x = 6; likewise along y.
    expect([...mask.data.subarray(8, 16)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect([...mask.data.subarray(0, 8)]).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
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
