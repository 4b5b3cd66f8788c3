import { describe, expect, it } from 'vitest';
import { matched } from '../../../test/support/matched.ts';
import { type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { readDetections } from '../detect-image.ts';
import type { Detection } from '../detection.ts';
import { describedHead } from './described-head.ts';
import type { HeadDescription } from './head-description.ts';
import type { Port, Ports } from './port.ts';

const INPUT: Port = { names: ['image'], type: 'f32', shape: [1, 100, 200, 3] };
const IMAGE = { width: 400, height: 100 };

const portsOf = (outputs: Readonly<Record<string, Tensor>>, input = INPUT): Ports => ({
  inputs: [input],
  outputs: Object.entries(outputs).map(([name, { type, shape }]) => ({ names: [name], type, shape })),
});

function detect(
  description: HeadDescription,
  outputs: Readonly<Record<string, Tensor>>,
  input = INPUT,
): readonly Detection[] {
  const head = matched(describedHead(portsOf(outputs, input), description));
  return readDetections(head, outputs, IMAGE, { threshold: 0.1 });
}

const edges = ([first]: readonly Detection[]): readonly number[] => {
  const { xmin, ymin, xmax, ymax } = first!.box;
  return [xmin, ymin, xmax, ymax].map(edge => Math.round(1000 * edge) / 1000);
};

/** A box of x 20 to 60 and y 10 to 30 in pixels of the input, of 200 x 100. */
const BOXES = {
  xyxy: [20, 10, 60, 30],
  yxyx: [10, 20, 30, 60],
  xywh: [20, 10, 40, 20],
  yxhw: [10, 20, 20, 40],
  cxcywh: [40, 20, 40, 20],
  cycxhw: [20, 40, 20, 40],
} as const;

const outputsOf = (box: readonly number[]): Readonly<Record<string, Tensor>> => ({
  boxes: tensorOf('f32', [1, 1, 4], box),
  scores: tensorOf('f32', [1, 1], [0.5]),
  classes: tensorOf('f32', [1, 1], [3]),
});

const OUTPUTS = { boxes: 'boxes', scores: 'scores', classes: 'classes' };

describe('describedHead', () => {
  it.each(Object.keys(BOXES) as (keyof typeof BOXES)[])('reads boxes of the format %s', format => {
    const found = detect({ outputs: OUTPUTS, boxes: { format, scale: 'pixels' } }, outputsOf(BOXES[format]));
    expect(edges(found)).toEqual([40, 10, 120, 30]);
    expect(found[0]).toMatchObject({ classId: 3, score: 0.5, label: 'class 3' });
  });

  it.each([
    ['pixels', 'stretch', [20, 10, 60, 30], [40, 10, 120, 30]],
    ['fractions', 'stretch', [0.1, 0.1, 0.3, 0.3], [40, 10, 120, 30]],
    ['original', 'stretch', [20, 10, 60, 30], [20, 10, 60, 30]],
    ['pixels', 'letterbox', [20, 30, 60, 70], [40, 10, 120, 90]],
    ['pixels', 'pad', [20, 10, 60, 30], [40, 20, 120, 60]],
  ] as const)('scales boxes in %s of an image that is fitted by %s', (scale, resize, box, expected) => {
    const description = { input: { resize }, outputs: OUTPUTS, boxes: { format: 'xyxy', scale } } as const;
    expect(edges(detect(description, outputsOf(box)))).toEqual(expected);
  });

  it('takes pixels of an input of any size for those of the image', () => {
    const open = { ...INPUT, shape: [1, undefined, undefined, 3] };
    const found = detect(
      { outputs: OUTPUTS, boxes: { format: 'xyxy', scale: 'pixels' } },
      outputsOf([20, 10, 60, 30]),
      open,
    );
    expect(edges(found)).toEqual([20, 10, 60, 30]);
  });

  it('reads rows, also transposed, with objectness and scores of all classes', () => {
    const row = [40, 20, 40, 20, 0.5, 0.25, 0.75, 0.5];
    const description = {
      outputs: { rows: 'rows', columns: ['box', 'objectness', 'scores'] },
      boxes: { format: 'cxcywh', scale: 'pixels' },
      classes: { first: 1, labels: ['cat', 'dog', 'cow'] },
    } as const;
    const expected = { classId: 2, label: 'dog', score: 0.375 };
    const found = detect(description, { rows: tensorOf('f32', [1, 2, 8], [...row, ...row.map(() => 0)]) });
    expect(found).toMatchObject([expected]);
    const columns = row.flatMap(number => [0, number]);
    const transposed = { ...description, outputs: { ...description.outputs, transposed: true } };
    expect(detect(transposed, { rows: tensorOf('f32', [1, 8, 2], columns) })).toMatchObject([expected]);
    expect(edges(found)).toEqual([40, 10, 120, 30]);
  });

  it.each([
    ['none', false, [0.1, 0.7, 0.2], { classId: 1, score: expect.closeTo(0.7) as number }],
    ['sigmoid', false, [0, 2, 1], { classId: 1, score: expect.closeTo(1 / (1 + Math.exp(-2))) as number }],
    [
      'softmax',
      true,
      [3, 2, 1],
      { classId: 0, score: expect.closeTo(Math.exp(2) / (Math.exp(3) + Math.exp(2) + Math.exp(1))) as number },
    ],
  ] as const)('turns scores into probabilities by %s', (activation, background, scores, expected) => {
    const description = {
      outputs: { boxes: 'boxes', scores: 'scores' },
      boxes: { format: 'xyxy', scale: 'pixels' },
      scores: { activation, background },
    } as const;
    const outputs = { boxes: tensorOf('f32', [1, 1, 4], BOXES.xyxy), scores: tensorOf('f32', [1, 1, 3], scores) };
    expect(detect(description, outputs)).toMatchObject([expected]);
  });

  it('moves anchors, of levels that are joined', () => {
    // Anchors of 16 x 16 pixels at (4, 4), (12, 4), ... and one of 32 x 32 at (8, 8).
    const input: Port = { names: ['image'], type: 'f32', shape: [1, 16, 16, 3] };
    const description: HeadDescription = {
      outputs: { boxes: ['low', 'high'], scores: ['low_scores', 'high_scores'] },
      boxes: {
        format: 'cycxhw',
        scale: 'pixels',
        anchors: { minLevel: 3, maxLevel: 4, sizes: [2], aspectRatios: [1] },
        variances: [0.5, 0.5, 1, 1],
      },
      nms: { maxDetections: 2 },
    };
    const outputs = {
      low: tensorOf('f32', [1, 2, 2, 4], [...Array<number>(12).fill(0), 0, 0, Math.log(0.25), Math.log(0.5)]),
      high: tensorOf('f32', [1, 1, 1, 4], [0.25, -0.25, Math.log(0.25), Math.log(0.25)]),
      low_scores: tensorOf('f32', [1, 2, 2, 1], [0, 0, 0, 0.75]),
      high_scores: tensorOf('f32', [1, 1, 1, 1], [0.5]),
    };
    const head = matched(describedHead(portsOf(outputs, input), description));
    const found = readDetections(head, outputs, { width: 16, height: 16 }, {});
    expect(found.map(({ box, score }) => [score, ...Object.values(box).map(edge => Math.round(Number(edge)))])).toEqual(
      [
        [0.75, 8, 10, 16, 14],
        [0.5, 0, 8, 8, 16],
      ],
    );
  });

  it('cuts anchors off at the edges of the image', () => {
    // Of 32 x 32 pixels around (8, 8), 16 x 16 remain.
    const input: Port = { names: ['image'], type: 'f32', shape: [1, 16, 16, 3] };
    const anchors = { minLevel: 4, maxLevel: 4, sizes: [2], aspectRatios: [1], clip: true };
    const outputs = {
      boxes: tensorOf('f32', [1, 1, 1, 4], [0, 0, Math.log(0.5), Math.log(0.25)]),
      scores: tensorOf('f32', [1, 1, 1, 1], [0.5]),
    };
    const description: HeadDescription = {
      outputs: { boxes: 'boxes', scores: 'scores' },
      boxes: { format: 'cycxhw', scale: 'pixels', anchors },
    };
    const head = matched(describedHead(portsOf(outputs, input), description));
    const [found] = readDetections(head, outputs, { width: 16, height: 16 }, {});
    expect(Object.values(found!.box).map(edge => Math.round(Number(edge)))).toEqual([6, 4, 10, 12]);
  });

  it('suppresses boxes of the same class', () => {
    const description = {
      outputs: OUTPUTS,
      boxes: { format: 'xyxy', scale: 'pixels' },
      nms: { iouThreshold: 0.5, perClass: true },
    } as const;
    const outputs = {
      boxes: tensorOf('f32', [1, 3, 4], [...BOXES.xyxy, ...BOXES.xyxy, ...BOXES.xyxy]),
      scores: tensorOf('f32', [1, 3], [0.5, 0.75, 0.25]),
      classes: tensorOf('f32', [1, 3], [1, 1, 2]),
    };
    expect(detect(description, outputs).map(({ score }) => score)).toEqual([0.75, 0.25]);
    const all = { ...description, nms: { ...description.nms, perClass: false } };
    expect(detect(all, outputs).map(({ score }) => score)).toEqual([0.75]);
  });

  it.each([
    [
      "there is no output 'gone'",
      { outputs: { boxes: 'boxes', scores: 'gone' }, boxes: { format: 'xyxy', scale: 'pixels' } },
    ],
    [
      'does not hold boxes of 4 numbers',
      { outputs: { boxes: 'scores', scores: 'scores' }, boxes: { format: 'xyxy', scale: 'pixels' } },
    ],
    [
      'does not hold rows of 6 numbers',
      { outputs: { rows: 'boxes', columns: ['box', 'score', 'class'] }, boxes: { format: 'xyxy', scale: 'pixels' } },
    ],
    [
      'mean and scale need an input of f32',
      { input: { mean: [1, 1, 1] }, outputs: OUTPUTS, boxes: { format: 'xyxy', scale: 'pixels' } },
    ],
  ] satisfies [string, HeadDescription][])('does not match: %s', (reason, description) => {
    const input = reason.startsWith('mean') ? { ...INPUT, type: 'u8' as const } : INPUT;
    expect(describedHead(portsOf(outputsOf(BOXES.xyxy), input), description)).toEqual(expect.stringContaining(reason));
  });

  it('counts the anchors', () => {
    const description = {
      outputs: OUTPUTS,
      boxes: {
        format: 'cxcywh',
        scale: 'pixels',
        anchors: [
          [0, 0, 1, 1],
          [0, 0, 2, 2],
        ],
      },
    } as const;
    expect(() => detect(description, outputsOf(BOXES.xyxy))).toThrow('2 anchors, and the model returns 1 boxes');
  });
});
