import { describe, expect, it } from 'vitest';
import type { DecantError } from '../../errors.ts';
import { parseHeadDescription } from './parse-head-description.ts';

const GOOD = {
  outputs: { boxes: 'boxes', scores: ['low', 'high'] },
  boxes: { format: 'cxcywh', scale: 'pixels', anchors: [[0, 0, 1, 1]] },
};

function mistakeIn(value: unknown): Pick<DecantError, 'code' | 'message' | 'remedy'> {
  try {
    parseHeadDescription(value);
  } catch (error) {
    return error as DecantError;
  }
  throw new Error('the description is accepted');
}

describe('parseHeadDescription', () => {
  it('returns a valid description', () => {
    expect(parseHeadDescription(GOOD)).toBe(GOOD);
    const grid = { minLevel: 3, maxLevel: 7, sizes: [4], aspectRatios: [1] };
    const boxes = { ...GOOD.boxes, anchors: grid, variances: [0.1, 0.1, 0.2, 0.2] };
    expect(parseHeadDescription({ ...GOOD, boxes })).toEqual({ ...GOOD, boxes });
  });

  it.each([
    ["has an unknown key 'box'", { ...GOOD, box: {} }, "Did you mean 'boxes'"],
    ["has an unknown key 'outputs.score'", { ...GOOD, outputs: { boxes: 'a', score: 'b' } }, "Did you mean 'scores'"],
    ["has an unknown key 'constructor'", { ...GOOD, constructor: 1 }, 'The keys are'],
    ["has no 'boxes'", { outputs: GOOD.outputs }, 'What the numbers of a box mean'],
    ["has no 'boxes.scale'", { ...GOOD, boxes: { format: 'xyxy' } }, 'pixels'],
    [
      "'boxes.format' of the head's description cannot be 'xyyx'",
      { ...GOOD, boxes: { format: 'xyyx', scale: 'pixels' } },
      "'xyxy'",
    ],
    [
      "'boxes.format' of the head's description cannot be 3",
      { ...GOOD, boxes: { format: 3, scale: 'pixels' } },
      'one of xyxy',
    ],
    [
      "'outputs.scores' of the head's description must be string or array, got 3",
      { ...GOOD, outputs: { boxes: 'a', scores: 3 } },
      '',
    ],
    [
      "'outputs.boxes[1]' of the head's description must be a string",
      { ...GOOD, outputs: { boxes: ['a', 1], scores: 'b' } },
      '',
    ],
    ["'input.mean' of the head's description must be a list of 3", { ...GOOD, input: { mean: [1, 2] } }, ''],
    [
      "'nms.iouThreshold' of the head's description must be a number from 0 to 1, got 45",
      { ...GOOD, nms: { iouThreshold: 45 } },
      '',
    ],
    [
      "'nms.maxDetections' of the head's description must be a whole number from 1, got 1.5",
      { ...GOOD, nms: { maxDetections: 1.5 } },
      '',
    ],
    ["'nms' of the head's description must be an object, got null", { ...GOOD, nms: null }, ''],
    [
      "'input.padValue' of the head's description cannot be 'means'",
      { ...GOOD, input: { padValue: 'means' } },
      "'mean'",
    ],
    ['padsFirst is for a letterbox', { ...GOOD, input: { resize: 'pad', padsFirst: true } }, 'letterbox'],
    [
      'padding that is resized has a value of its own',
      { ...GOOD, input: { resize: 'letterbox', padsFirst: true, padValue: 'mean' } },
      'a number',
    ],
    ['must be an object, got [1]', [1], ''],
    ['outputs need rows with columns, or boxes and scores', { ...GOOD, outputs: { boxes: 'a' } }, ''],
    ['outputs have either rows', { ...GOOD, outputs: { rows: 'a', columns: ['box', 'score'], boxes: 'b' } }, ''],
    ['do not make a detection', { ...GOOD, outputs: { rows: 'a', columns: ['box', 'class'] } }, 'score or scores'],
    ['rows have a class, or scores', { ...GOOD, outputs: { rows: 'a', columns: ['box', 'scores', 'class'] } }, ''],
    ['boxes with anchors have the format', { ...GOOD, boxes: { ...GOOD.boxes, format: 'xyxy' } }, ''],
    [
      'no levels from 5 to 4',
      { ...GOOD, boxes: { ...GOOD.boxes, anchors: { minLevel: 5, maxLevel: 4, sizes: [1], aspectRatios: [1] } } },
      '',
    ],
  ])('refuses one that %s', (message, value, remedy) => {
    const error = mistakeIn(value);
    expect(error).toMatchObject({ code: 'invalid-argument' });
    expect(error.message).toContain(message);
    expect(error.remedy).toContain(remedy);
  });
});
