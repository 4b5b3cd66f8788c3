import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { integerBetween, integerFrom, numberBetween, numberFrom, positiveUpTo } from './parse-number.ts';

it.each([
  ['integerBetween', integerBetween(1, 999), ['1', '007', '999'], ['0', '1000', '-1', '1.5', '1e2', ' 1', '']],
  ['integerFrom', integerFrom(1), ['1', '12345678901'], ['0', '-1', 'ten', '']],
  ['numberBetween', numberBetween(0, 0.9), ['0', '.5', '0.9'], ['-0.1', '0.91', 'x', 'NaN', ' ', '']],
  ['numberFrom', numberFrom(0), ['0', '0.5', '1000'], ['-1', 'never', ' ', '']],
  ['positiveUpTo', positiveUpTo(3600), ['0.1', '3600'], ['0', '-1', '3601', 'x', '']],
])('%s parses numbers in its range, and rejects others', (_, parse, valid, invalid) => {
  expect(valid.map(parse)).toEqual(valid.map(Number));
  for (const text of invalid) expect(() => parse(text), text).toThrow(InvalidArgumentError);
});
