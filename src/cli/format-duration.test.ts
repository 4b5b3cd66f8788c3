import { expect, it } from 'vitest';
import { formatDuration } from './format-duration.ts';

it('formats durations', () => {
  const seconds = [0, 0.42, 3.96, 4, 26.4, 59, 60, 200, 7500];
  const texts = ['0 s', '0.4 s', '4.0 s', '4 s', '26 s', '59 s', '1 min 0 s', '3 min 20 s', '2 h 5 min'];
  expect(seconds.map(formatDuration)).toEqual(texts);
});
