import { expect, it } from 'vitest';
import type { Sample } from '../support/zoo-fixtures.ts';
import { sampleDifference } from './sample-difference.ts';

/** Samples of the rows 0 1 2, 10 11 12 and 20 21 22. */
const TABLE: Sample = {
  shape: [3, 3],
  rows: 3,
  rowStep: 1,
  columnStep: 2,
  least: 0,
  greatest: 22,
  mean: 11,
  values: [0, 2, 10, 12, 20, 22],
};

it('returns the largest difference relative to the range', () => {
  expect(sampleDifference(TABLE, [0, 1, 2, 10, 11, 12, 20, 21, 22])).toBe(0);
  expect(sampleDifference(TABLE, [0, 1, 2, 10, 11, 12, 20, 21, 24.2])).toBeCloseTo(0.1);
});

it('compares rows in any order', () => {
  expect(sampleDifference(TABLE, [20, 21, 22, 0, 1, 2, 10, 11, 12])).toBe(0);
});

it('detects differences between the samples by minimum, maximum and mean', () => {
  expect(sampleDifference(TABLE, [0, 1, 2, 10, 33, 12, 20, 21, 22])).toBeCloseTo(0.5);
});

it('propagates NaN', () => {
  expect(sampleDifference(TABLE, [0, 1, 2, 10, 11, 12, 20, 21, NaN])).toBeNaN();
});
