import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatShape, symbol } from '../tensor/dim.ts';
import { boolean, elementType, mask, number, numbers, readAttributes, shape, text, word } from './attributes.ts';

const same = <T>(codec: { write(value: T): string; read(text: string): T }, value: T): void => {
  expect(codec.read(codec.write(value))).toEqual(value);
};

describe('codecs', () => {
  it('round-trip', () => {
    fc.assert(
      fc.property(fc.double(), fc.array(fc.integer()), fc.array(fc.boolean()), fc.string(), (x, list, flags, words) => {
        // The text does not keep the sign of zero.
        same(number(), x === 0 ? 0 : x);
        same(numbers(), list);
        same(mask(), flags);
        same(text(), words);
      }),
    );
    for (const value of [true, false]) same(boolean(), value);
    for (const value of [Infinity, -Infinity, NaN]) same(number(), value);
    same(shape(), [1, 3]);
    same(shape(), []);
  });

  it('write the spelling of OpenVINO', () => {
    expect(numbers().write([1, -Infinity, 0.5])).toBe('1, -inf, 0.5');
    expect(mask().write([true, false])).toBe('1, 0');
    expect(shape().write([1, symbol('h'), 3])).toBe('1,?,3');
    expect(boolean().write(true)).toBe('true');
  });

  it('read the spellings of other writers', () => {
    expect([boolean().read('1'), boolean().read(' FALSE ')]).toEqual([true, false]);
    expect(elementType().read('F32')).toBe('f32');
    expect(word(['same_upper'])().read('SAME_UPPER')).toBe('same_upper');
    expect(numbers().read('')).toEqual([]);
    expect(number().read('1e-05')).toBe(1e-5);
    expect(formatShape(shape().read('[1, ?,-1, 1..640,..5, 7..]'))).toBe('[1,?,?,?,?,?]');
  });

  const wrong: readonly (readonly [string, () => unknown])[] = [
    ['a word as a number', () => number().read('one')],
    ['an empty number', () => number().read(' ')],
    ['a list with a gap', () => numbers().read('1,,2')],
    ['an unknown boolean', () => boolean().read('yes')],
    ['an unknown word', () => word(['floor', 'ceil'])().read('round')],
    ['an unknown element type', () => elementType().read('f33')],
    ['a fractional dimension', () => shape().read('1.5')],
    ['a negative dimension', () => shape().read('-2')],
  ];
  it.each(wrong)('reject %s', (_name, read) => {
    expect(read).toThrow(expect.objectContaining({ code: 'malformed' }) as Error);
  });

  it('reject a dynamic rank as unsupported', () => {
    expect(() => shape().read('...')).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error);
  });
});

describe('readAttributes', () => {
  const codecs = { axis: number(), mode: word(['max', 'min'])('max') };

  it('fills in defaults and ignores unknown attributes', () => {
    expect(readAttributes(codecs, { axis: '2', other: 'x' })).toEqual({ axis: 2, mode: 'max' });
  });

  it('rejects a missing attribute without a default', () => {
    expect(() => readAttributes(codecs, { mode: 'min' })).toThrow("attribute 'axis' is missing");
  });

  it('names an invalid attribute', () => {
    expect(() => readAttributes(codecs, { axis: 'x' })).toThrow(
      expect.objectContaining({ where: ["attribute 'axis'"] }) as Error,
    );
  });
});
