import { describe, expect, it } from 'vitest';
import { describedEncoding } from './described-encoding.ts';
import type { HeadDescription } from './head-description.ts';
import type { Port } from './port.ts';

const port = (name: string, ...shape: readonly number[]): Port => ({ names: [name], type: 'f32', shape });
const [boxes, scores, classes, count] = [port('b', 1, 9, 4), port('s', 1, 9), port('c', 1, 9), port('n', 1)];
const rows = port('r', 1, 9, 7);
const PORTS = [boxes, scores, classes, count, port('all', 1, 9, 3), rows];

const COLUMNS: HeadDescription = {
  outputs: { boxes: 'b', scores: 's', classes: 'c', count: 'n' },
  boxes: { format: 'xywh', scale: 'pixels' },
};
const ROWS: HeadDescription = {
  outputs: { rows: 'r', columns: ['skip', 'class', 'box', 'score'] },
  boxes: { format: 'yxyx', scale: 'fractions' },
};

describe('describedEncoding', () => {
  it('finds boxes, scores and classes in outputs, and in the columns of rows', () => {
    const inOutputs = { kind: 'columns', boxes, scores, classes, count, format: 'xywh', unit: 'pixels' };
    expect(describedEncoding(PORTS, COLUMNS)).toEqual(inOutputs);
    expect(describedEncoding(PORTS, ROWS)).toEqual({
      kind: 'rows',
      rows,
      width: 7,
      at: { class: 1, box: 2, score: 6 },
      format: 'yxyx',
      unit: 'fractions',
      count: undefined,
    });
  });

  it.each([
    ['candidates', { ...COLUMNS, nms: {} }],
    ['anchors', { ...COLUMNS, boxes: { format: 'cxcywh', scale: 'pixels', anchors: [[0, 0, 1, 1]] } }],
    ['logits', { ...COLUMNS, scores: { activation: 'sigmoid' } }],
    ['a normalized image', { ...COLUMNS, input: { scale: [255, 255, 255] } }],
    ['BGR', { ...COLUMNS, input: { color: 'bgr' } }],
    ['boxes in another image', { ...COLUMNS, boxes: { format: 'xyxy', scale: 'original' } }],
    ['scores of all classes', { ...COLUMNS, outputs: { boxes: 'b', scores: 'all', classes: 'c' } }],
    ['transposed outputs', { ...COLUMNS, outputs: { ...COLUMNS.outputs, transposed: true } }],
    ['two factors of a score', { ...ROWS, outputs: { rows: 'r', columns: ['box', 'score', 'class', 'objectness'] } }],
  ] satisfies [string, HeadDescription][])('is undefined for %s', (_, description: HeadDescription) => {
    expect(describedEncoding(PORTS, description)).toBeUndefined();
  });
});
