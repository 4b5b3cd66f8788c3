import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import { tensorOf } from '../../tensor/tensor.ts';
import { readDetections } from '../detect-image.ts';
import { efficientDetColumns, efficientDetLevels, efficientDetRows } from './efficientdet.ts';
import { findHead } from './find-head.ts';
import type { Port, Ports } from './port.ts';

const INPUT: Port = { names: ['images'], type: 'u8', shape: [1, undefined, undefined, 3] };
const IMAGE = { width: 400, height: 200 };
const port = (name: string, shape: Port['shape'], type: Port['type'] = 'f32'): Port => ({ names: [name], type, shape });

describe('efficientDetRows', () => {
  const ports: Ports = { inputs: [INPUT], outputs: [port('detections', [1, undefined, 7])] };
  const rows = (...numbers: readonly number[]) => ({
    detections: tensorOf('f32', [1, numbers.length / 7, 7], numbers),
  });

  it('reads ymin, xmin, ymax, xmax in pixels of the image', () => {
    const head = findHead(ports);
    expect(head.name).toBe('efficientdet');
    const outputs = rows(0, 20, 40, 60, 120, 0.75, 18, 0, 0, 0, 0, 0, 0, 1);
    expect(readDetections(head, outputs, IMAGE, { threshold: 0.1 })).toEqual([
      { label: 'dog', classId: 18, score: 0.75, box: { xmin: 40, ymin: 20, xmax: 120, ymax: 60 } },
    ]);
  });

  it('are known to be corners before they run only if the graph shows it', () => {
    expect(matched(efficientDetRows(ports)).encoding).toBeUndefined();
    const [output] = ports.outputs;
    const shown = { ...ports, outputs: [{ ...output!, directions: { 2: '-yxyx--' } }] };
    expect(matched(efficientDetRows(shown)).encoding).toMatchObject({ width: 7, at: { box: 1, score: 5, class: 6 } });
  });

  it('refuses rows of x, y, width and height', () => {
    const head = matched(efficientDetRows(ports));
    expect(() => head.read(rows(0, 200, 100, 50, 60, 0.75, 18))).toThrow(
      expect.objectContaining({ code: 'unsupported', remedy: expect.stringContaining('"format": "xywh"') as string }),
    );
  });
});

describe('efficientDetColumns', () => {
  const outputs = [
    port('output_0', [1, 100, 4]),
    port('output_1', [1, 100]),
    port('output_2', [1, 100]),
    port('output_3', [1], 'i32'),
  ];

  it('reads as many boxes as there are, in pixels of the image', () => {
    const head = findHead({ inputs: [INPUT], outputs: outputs.toReversed() });
    const tensors = {
      output_0: tensorOf('f32', [1, 2, 4], [20, 40, 60, 120, 20, 40, 60, 120]),
      output_1: tensorOf('f32', [1, 2], [0.75, 0.5]),
      output_2: tensorOf('f32', [1, 2], [18, 1]),
      output_3: tensorOf('i32', [1], [1]),
    };
    expect(readDetections(head, tensors, IMAGE, {})).toEqual([
      { label: 'dog', classId: 18, score: 0.75, box: { xmin: 40, ymin: 20, xmax: 120, ymax: 60 } },
    ]);
  });

  it('finds classes that count from 0 by any name of the output', () => {
    const [boxes, scores, classes, count] = outputs;
    const aliased = [boxes!, scores!, { ...classes!, names: ['output_2', 'output_2:0'] }, count!];
    const reason = 'its classes count from 0';
    expect(efficientDetColumns({ inputs: [INPUT], outputs: aliased, indices: ['output_2:0'] })).toBe(reason);
    const ports = { inputs: [INPUT], outputs: aliased, indices: ['output_2:0'], oneBased: ['output_2:0'] };
    expect(matched(efficientDetColumns(ports)).name).toBe('efficientdet');
  });

  it('says that numbered outputs without names could be another head', () => {
    const nameless = outputs.map((each, i) => ({ ...each, names: [i === 0 ? 'Identity' : `Identity_${i}`] }));
    expect(() => findHead({ inputs: [INPUT], outputs: nameless })).toThrow(
      expect.objectContaining({ remedy: 'Choose one: --head tf2-detection or --head efficientdet.' }),
    );
  });

  it('does not match a count that is no integer', () => {
    const real = [...outputs.slice(0, 3), port('output_3', [1])];
    expect(efficientDetColumns({ inputs: [INPUT], outputs: real })).toContain('i32[1]');
  });
});

describe('efficientDetLevels', () => {
  const sides = [16, 8, 4, 2, 1];
  const CLASSES = 3;
  const input: Port = { names: ['images'], type: 'f32', shape: [1, 128, 128, 3] };
  const ports: Ports = {
    inputs: [input],
    outputs: [9 * CLASSES, 36].flatMap((width, part) =>
      sides.map((side, i) => port(`output_${5 * part + i}`, [1, side, side, width])),
    ),
  };
  const tensors = Object.fromEntries(
    ports.outputs.map(({ names, shape }, i) => {
      const sizes = shape as number[];
      const numbers = Array<number>(sizes.reduce((a, b) => a * b)).fill(i < 5 ? -20 : 0);
      return [names[0]!, { sizes, numbers }] as const;
    }),
  );
  // Level 4, row 1, column 3, anchor 2 of 9: the lowest of sizes with a ratio of 1 : 2; class 1.
  const cell = 8 + 3;
  tensors['output_1']!.numbers[cell * 27 + 2 * CLASSES + 1] = Math.log(3);
  tensors['output_6']!.numbers[cell * 36 + 8] = 0.5;

  it('decodes anchors of a padded image', () => {
    const head = findHead(ports);
    expect(head).toMatchObject({ name: 'efficientdet', firstClassId: 1 });
    const outputs = Object.fromEntries(
      Object.entries(tensors).map(([name, { sizes, numbers }]) => [name, tensorOf('f32', sizes, numbers)]),
    );
    const height = 64 * Math.SQRT2;
    const width = 64 / Math.SQRT2;
    const top = 24 + 0.5 * height - height / 2;
    const left = 56 - width / 2;
    const ratio = 400 / 128;
    const found = readDetections(head, outputs, IMAGE, {});
    expect(found).toMatchObject([{ classId: 2, score: expect.closeTo(0.75) as number }]);
    const { box } = found[0]!;
    expect(box.xmin).toBeCloseTo(ratio * left, 3);
    expect(box.ymin).toBeCloseTo(ratio * top, 3);
    expect(box.xmax).toBeCloseTo(ratio * (left + width), 3);
    expect(box.ymax).toBeCloseTo(200, 3);
  });

  it('feeds a normalized image with zeros on the right and bottom', async () => {
    const head = matched(efficientDetLevels(ports));
    const data = new Uint8Array(200 * 100 * 3).fill(255);
    const { images } = await head.prepare({ width: 200, height: 100, data, name: 'white' });
    const values = images!.data as Float32Array;
    const at = (y: number, x: number): readonly number[] => [
      ...values.subarray(3 * (128 * y + x), 3 * (128 * y + x) + 3),
    ];
    expect(at(63, 127)[0]).toBeCloseTo((1 - 0.485) / 0.229);
    expect(at(63, 127)[2]).toBeCloseTo((1 - 0.406) / 0.225);
    expect(at(64, 0)).toEqual([0, 0, 0]);
  });

  it('does not match levels in another order', () => {
    const renamed = ports.outputs.map((each, i) => ({ ...each, names: [`output_${(i + 5) % 10}`] }));
    expect(efficientDetLevels({ ...ports, outputs: renamed })).toContain('five maps of scores');
  });
});
