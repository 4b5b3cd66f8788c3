import { describe, expect, it } from 'vitest';
import { labelLines, labelWords, parseLabelLines, parseLabelWords } from './label-list.ts';

const LABELS = new Map([
  [1, 'traffic light'],
  [3, 'cell_phone'],
]);

describe('labels beside and inside an IR', () => {
  it('stand at the position of their class', () => {
    expect(labelWords(LABELS)).toBe('background traffic_light class_2 cell_phone');
    expect(labelLines(LABELS)).toBe('background\ntraffic light\nclass_2\ncell_phone\n');
    expect(() => labelWords(new Map([[1e9, 'far']]))).toThrow('a label has the id 1000000000');
  });

  it('lose the difference of spaces and underscores inside, and keep it beside', () => {
    const words = labelWords(LABELS);
    expect(parseLabelWords(words)?.get(3)).toBe('cell phone');
    expect(parseLabelWords('  ')).toBeUndefined();
    const beside = parseLabelLines(labelLines(LABELS), words);
    expect([...beside!.values()]).toEqual(['background', 'traffic light', 'class_2', 'cell_phone']);
    expect(parseLabelLines('background\r\ntraffic light\r\nclass_2\r\ncell_phone\r\n', words)).toEqual(beside);
  });

  it('are not taken from a file of other names', () => {
    expect(parseLabelLines('background\ncar\n', labelWords(LABELS))).toBeUndefined();
    expect(parseLabelLines('', labelWords(LABELS))).toBeUndefined();
  });
});
