import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatShape, unknown } from '../tensor/dim.ts';
import { boolean, elementType, mask, number, numbers, readAttributes, shape, text, word } from './attributes.ts';

const same = <T>(codec: { write(value: T): string; read(text: string): T }, value: T): void => {
  expect(codec.read(codec.write(value))).toEqual(value);
};

describe('attributes as text', () => {
  it('come back', () => {
    fc.assert(
      fc.property(fc.double(), fc.array(fc.integer()), fc.array(fc.boolean()), fc.string(), (x, list, flags, words) => {
        // OpenVINO knows one zero.
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

  it('are spelled as OpenVINO spells them', () => {
    expect(numbers().write([1, -Infinity, 0.5])).toBe('1, -inf, 0.5');
    expect(mask().write([true, false])).toBe('1, 0');
    expect(shape().write([1, unknown('h'), 3])).toBe('1,?,3');
    expect(boolean().write(true)).toBe('true');
  });

  it('are read as others spell them', () => {
    expect([boolean().read('1'), boolean().read(' FALSE ')]).toEqual([true, false]);
    expect(elementType().read('F32')).toBe('f32');
    expect(word(['same_upper'])().read('SAME_UPPER')).toBe('same_upper');
    expect(numbers().read('')).toEqual([]);
    expect(number().read('1e-05')).toBe(1e-5);
    expect(formatShape(shape().read('[1, ?,-1, 1..640,..5, 7..]'))).toBe('[1,?,?,?,?,?]');
  });

  const wrong: readonly (readonly [string, () => unknown])[] = [
    ['no number', () => number().read('one')],
    ['an empty number', () => number().read(' ')],
    ['a list with a gap', () => numbers().read('1,,2')],
    ['no boolean', () => boolean().read('yes')],
    ['another word', () => word(['floor', 'ceil'])().read('round')],
    ['another type', () => elementType().read('f33')],
    ['half a size', () => shape().read('1.5')],
    ['a negative size', () => shape().read('-2')],
  ];
  it.each(wrong)('%s is refused', (_name, read) => {
    expect(read).toThrow(expect.objectContaining({ code: 'malformed' }) as Error);
  });

  it('of any number of dimensions are unsupported', () => {
    expect(() => shape().read('...')).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error);
  });
});

describe('the attributes of an op', () => {
  const codecs = { axis: number(), mode: word(['max', 'min'])('max') };

  it('are complete', () => {
    expect(readAttributes(codecs, { axis: '2', other: 'x' })).toEqual({ axis: 2, mode: 'max' });
  });

  it('are refused where one is missing', () => {
    expect(() => readAttributes(codecs, { mode: 'min' })).toThrow("attribute 'axis' is missing");
  });

  it('say which one is wrong', () => {
    expect(() => readAttributes(codecs, { axis: 'x' })).toThrow(
      expect.objectContaining({ where: ["attribute 'axis'"] }) as Error,
    );
  });
});
