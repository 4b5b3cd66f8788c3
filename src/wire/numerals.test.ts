import { expect, it } from 'vitest';
import { parseInteger, parseReal } from './numerals.ts';

it('reads integers in three bases', () => {
  expect(['7', '-0x1F', '017', '0'].map(parseInteger)).toEqual([7n, -31n, 15n, 0n]);
  expect(['', '-', '08', '0x', '1.5', '7x', '9'.repeat(65)].map(parseInteger)).toEqual(Array(7).fill(undefined));
});

it('reads reals', () => {
  expect(['1.5', '-.5', '3.', '2e-3', '1.5F', '-inf', 'Infinity'].map(parseReal)).toEqual([
    ...[1.5, -0.5, 3, 0.002, 1.5],
    ...[-Infinity, Infinity],
  ]);
  expect(parseReal('nan')).toBeNaN();
  expect(['', '.', '1.5.5', 'e5', '1e', 'x'].map(parseReal)).toEqual(Array(6).fill(undefined));
});

it('takes time in proportion to the length', () => {
  for (const unit of ['1', '1.', '.1', 'e1', '1e', '-1']) expect(parseReal(`${unit.repeat(300_000)}x`)).toBeUndefined();
}, 10_000);
