import { expect, it } from 'vitest';
import { checkRaw } from './check-raw.ts';

const right = { boxes: [0.1, 0.2, 0.3, 0.4, 0, 0, 1, 1], scores: [0.9, 0.3], classes: [3, 0], count: 2 };

it.each([
  ['a score is 7.5, not from 0 to 1', { scores: [0.9, 7.5] }],
  ['a class is 0.25, not a whole number', { classes: [3, 0.25] }],
  ['boxes end before they start', { boxes: [0.3, 0.2, 0.1, 0.4, 1, 0, 0, 1] }],
  ['boxes are far outside of the image', { boxes: [10, 20, 30, 40, 0, 0, 300, 300] }],
  ['boxes are all in the first pixels', { boxes: [1e-4, 1e-3, 2e-3, 3e-3, 0, 0, 1e-3, 1e-3] }],
])('refuses outputs of another kind: %s', (message, wrong) => {
  const check = (): void => checkRaw({ ...right, ...wrong }, 'some-head', 0.5);
  const fewer = { scores: [0.9, 0.2] };
  if ('boxes' in wrong) expect(() => checkRaw({ ...right, ...wrong, ...fewer }, 'some-head', 0)).toThrow(message);
  expect(check).toThrow(
    expect.objectContaining({ code: 'unsupported', message: expect.stringContaining(message) as string }),
  );
});

it('accepts detections, and rows without a score', () => {
  checkRaw(right, 'some-head', 0.5);
  checkRaw({ boxes: [9, 9, 3, 3], scores: [0], classes: [0.5], count: 1 }, 'some-head', 0);
  checkRaw({ boxes: [9, 9, 3, 3], scores: [0.1], classes: [1], count: 1 }, 'some-head', 0);
  checkRaw({ boxes: [], scores: [], classes: [], count: 0 }, 'some-head', 0);
  // Of seven ids with a step of 6 / 255.
  checkRaw({ ...right, classes: [1.98828125, 0] }, 'some-head', 0);
});
