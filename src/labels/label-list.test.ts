import { describe, expect, it } from 'vitest';
import { labelLines, labelWords, parseLabelLines, parseLabelWords } from './label-list.ts';

const LABELS = new Map([
  [1, 'traffic light'],
  [3, 'cell_phone'],
]);

describe('labels inside and next to an IR', () => {
  it('are written at the position of their class id', () => {
    expect(labelWords(LABELS)).toBe('background traffic_light class_2 cell_phone');
    expect(labelLines(LABELS)).toBe('background\ntraffic light\nclass_2\ncell_phone\n');
    expect(() => labelWords(new Map([[1e9, 'far']]))).toThrow(
      'class id 1000000000 is too large, the maximum is 100000',
    );
    expect(() => labelWords(new Map(Array.from({ length: 300_000 }, (_, id) => [id, 'a'])))).toThrow(
      'class id 299999 is too large',
    );
  });

  it('keep underscores in the file, but read them as spaces from inside the IR', () => {
    const words = labelWords(LABELS);
    expect(parseLabelWords(words)?.get(3)).toBe('cell phone');
    expect(parseLabelWords('  ')).toBeUndefined();
    const beside = parseLabelLines(labelLines(LABELS), words);
    expect([...beside!.values()]).toEqual(['background', 'traffic light', 'class_2', 'cell_phone']);
    expect(parseLabelLines('background\r\ntraffic light\r\nclass_2\r\ncell_phone\r\n', words)).toEqual(beside);
  });

  it('are not read from a file with other names', () => {
    expect(parseLabelLines('background\ncar\n', labelWords(LABELS))).toBeUndefined();
    expect(parseLabelLines('', labelWords(LABELS))).toBeUndefined();
  });
});
