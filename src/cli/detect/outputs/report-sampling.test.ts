import { expect, it } from 'vitest';
import { isInReport } from './report-sampling.ts';

const shown = (frames: number, every: number): readonly number[] =>
  Array.from({ length: frames }, (_, i) => i).filter(i => i % every === 0 && isInReport(i, frames, every));

it('samples at most 24 evenly spaced frames', () => {
  expect(shown(24, 1)).toHaveLength(24);
  expect(shown(240, 1)).toEqual(Array.from({ length: 24 }, (_, i) => 10 * i));
  expect(shown(250, 3)).toEqual(expect.arrayContaining([0, 12, 24, 33]));
  for (const [frames, every] of [
    [25, 1],
    [1000, 7],
    [1000, 60],
    [5, 2],
  ] as const) {
    // prettier-ignore
    const found = shown(frames, every);
    expect(found.length).toBeLessThanOrEqual(24);
    expect(found.length).toBeGreaterThanOrEqual(Math.min(12, Math.ceil(frames / every)));
    expect(found[0]).toBe(0);
  }
  expect([0, 1, 999].every(i => isInReport(i, undefined, 1))).toBe(true);
});
