import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DecantError } from '../errors.ts';
import { symbol } from './dim.ts';
import { parseDim } from './parse-dim.ts';

it.each([
  ['7', 7],
  ['-7', -7],
  ['2*3+4', 10],
  ['floordiv(7;2)', 3],
  ['truncdiv(-7;2)', -3],
  ['max(2;min(9;5))', 5],
  ['broadcast(1;4)', 4],
  ['2*floordiv(2·3+1;2)-1', 5],
])('%s is %i', (text, value) => {
  expect(parseDim(text)).toBe(value);
});

it('resolves names with a function', () => {
  expect(parseDim('h*w-1', name => (name === 'h' ? 3 : 4))).toBe(11);
  expect(parseDim('h')).toEqual(symbol('h'));
});

it.each(['', '+', '2*', 'h+', 'f(', 'floordiv(1)', 'floordiv(1;2', 'sqrt(1;2)', 'broadcast(2;3)', '1)', ';', '--1'])(
  "rejects '%s'",
  text => {
    expect(() => parseDim(text)).toThrow(expect.objectContaining({ code: 'malformed' }) as Error);
  },
);

it('rejects deep nesting', () => {
  const text = 'min('.repeat(10_000) + '1' + ';1)'.repeat(10_000);
  expect(() => parseDim(text)).toThrow(DecantError);
});

it('parses any text or throws a DecantError', () => {
  const symbols = fc.constantFrom('h', '1', '+', '-', '*', '·', '(', ')', ';', 'min', 'floordiv', '?', ' ');
  fc.assert(
    fc.property(fc.array(symbols), parts => {
      try {
        parseDim(parts.join(''));
      } catch (thrown) {
        expect(thrown).toMatchObject({ name: 'DecantError', code: 'malformed' });
      }
    }),
  );
});
