import { describe, expect, it } from 'vitest';
import { blockOf, checkSlices, parseSliceSpec, sliceKey } from './slices.ts';

const hex = (key: string): string =>
  Array.from(key, char => char.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');

describe('sliceKey', () => {
  it.each([
    [0, -1, '80 7f'],
    [63, 64, 'bf c0 40'],
    [64, 63, 'c0 40 bf'],
    [8191, 8192, 'df ff e0 20 00'],
    [2 ** 20, 2 ** 27, 'f0 10 00 00 f8 08 00 00 00'],
    [2 ** 34, 1, 'fc 04 00 00 00 00 81'],
    [2 ** 41, 1, 'fe 02 00 00 00 00 00 81'],
  ])('encodes start %i and length %i in the fewest bytes', (start, length, expected) => {
    expect(hex(sliceKey('w', [{ start, length }]))).toBe(`00 77 00 01 01 01 ${expected}`);
  });

  it('escapes terminator bytes in names', () => {
    expect(hex(sliceKey('a\0\u00ffb', []))).toBe('00 61 00 ff ff 00 62 00 01 00');
  });

  it('preserves the order of starts', () => {
    const starts = [0, 1, 63, 64, 127, 128, 8191, 8192, 2 ** 20 - 1, 2 ** 20, 2 ** 27, 2 ** 34, 2 ** 41, 2 ** 50];
    const keys = starts.map(start => sliceKey('w', [{ start, length: 1 }]));
    expect(keys.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(keys);
  });
});

describe('parseSliceSpec', () => {
  it('parses the slice after the shape', () => {
    expect(parseSliceSpec('')).toBeUndefined();
    expect(parseSliceSpec('10 4 2,5:-')).toEqual([
      { start: 2, length: 5 },
      { start: 0, length: -1 },
    ]);
  });

  it.each(['10 x', '10 1,', '10 -1,4', '10 1,2,3', '10 1,2:', '10 99999999999999999999,1'])('rejects %s', spec => {
    expect(() => parseSliceSpec(spec)).toThrow(`'${spec}' is not a slice spec`);
  });
});

describe('slices', () => {
  const block = (start: number, length: number) =>
    blockOf(
      [
        { start, length },
        { start: 0, length: -1 },
      ],
      [4, 3],
      'w',
    );

  it('are in bounds', () => {
    expect(block(1, 3)).toEqual({ starts: [1, 0], lengths: [3, 3] });
    expect(() => block(2, 3)).toThrow('a slice of w is out of bounds of [4,3]');
    expect(() => block(-1, 3)).toThrow('is out of bounds');
    expect(() => blockOf([{ start: 0, length: 1 }], [4, 3], 'w')).toThrow('is out of bounds');
  });

  it('cover the tensor, each element once', () => {
    expect(() => checkSlices([block(0, 1), block(1, 3)], [4, 3], 'w')).not.toThrow();
    expect(() => checkSlices([block(0, 1), block(2, 2)], [4, 3], 'w')).toThrow(
      'the slices of w do not cover [4,3] exactly once',
    );
    expect(() => checkSlices([block(0, 3), block(1, 1)], [4, 3], 'w')).toThrow('do not cover');
    const many = Array.from({ length: 5000 }, () => block(0, 0));
    expect(() => checkSlices(many, [4, 3], 'w')).toThrow(expect.objectContaining({ code: 'limit' }) as unknown);
  });
});
